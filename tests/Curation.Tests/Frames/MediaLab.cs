using System.Collections.Concurrent;
using System.Globalization;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Imaging;
using MedGenCluster.Curation.Processes;

namespace MedGenCluster.Curation.Tests.Frames;

/// <summary>Makes tiny videos with ffmpeg, each once per test run, in a folder that goes away with the process.</summary>
internal static class MediaLab
{
    public const int Bars = 10;

    private static readonly string Folder = Directory.CreateTempSubdirectory("medialab").FullName;
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Made = new();

    static MediaLab() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);

    public static MediaTools Tools { get; } = new(new ProcessRunner(TimeProvider.System, new ProcessAccounting()), new MediaToolOptions());

    public static string NewPath(string name) => Path.Combine(Directory.CreateTempSubdirectory("lab").FullName, name);

    /// <summary>A file that <paramref name="arguments"/> produce; the output path is appended.</summary>
    public static Task<string> MakeAsync(string name, params string[] arguments) =>
        Made.GetOrAdd(name, _ => new(() => RunAsync(Path.Combine(Folder, name), arguments))).Value;

    /// <summary>Test pattern of a size, rate and duration, encoded as the arguments say.</summary>
    public static Task<string> PatternAsync(string name, string size, int rate, double seconds, params string[] encoding) =>
        MakeAsync(name, ["-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture, $"testsrc2=s={size}:r={rate}:d={seconds}"), .. encoding]);

    /// <summary>Frames that carry their number as bars, black for 0 and white for 1, highest bit at the left.</summary>
    public static async Task<string> NumberedAsync(string name, int frames, string rate, int width, int height, params string[] encoding)
    {
        var made = Made.GetOrAdd(name, _ => new(async () =>
        {
            string raw = Path.Combine(Folder, name + ".gray");
            await using (var file = File.Create(raw))
            {
                var picture = new byte[width * height];
                for (int n = 0; n < frames; n++)
                {
                    for (int i = 0; i < picture.Length; i++)
                        picture[i] = (byte)(((n >> (Bars - 1 - i % width * Bars / width)) & 1) == 1 ? 235 : 20);
                    await file.WriteAsync(picture);
                }
            }

            var size = string.Create(CultureInfo.InvariantCulture, $"{width}x{height}");
            return await RunAsync(Path.Combine(Folder, name), ["-f", "rawvideo", "-pix_fmt", "gray", "-s", size, "-r", rate, "-i", raw, .. encoding]);
        }));
        return await made.Value;
    }

    /// <summary>The number that a frame's bars carry.</summary>
    public static int NumberOf(Rgb24View picture)
    {
        int number = 0;
        var row = picture.Row(picture.Height / 2);
        for (int bar = 0; bar < Bars; bar++)
        {
            int x = (2 * bar + 1) * picture.Width / (2 * Bars);
            number = (number << 1) | (row[x * 3] > 128 ? 1 : 0);
        }

        return number;
    }

    public static async Task<ProbedMedia> ProbeAsync(string path) =>
        Assert.IsType<ProbeOutcome.Read>(await new VideoProbe(Tools).ProbeAsync(path, default)).Media;

    /// <summary>Reads what <paramref name="read"/> makes of every delivered frame.</summary>
    public static async Task<(List<T> Frames, FramePipeResult Result)> ReadAsync<T>(string path, FrameSampling sampling, Reader<T> read)
    {
        var media = await ProbeAsync(path);
        var frames = new List<T>();
        var result = await new FramePipe(Tools).ReadAsync(path, media.Video!, sampling, (_, picture) => frames.Add(read(picture)), default);
        return (frames, result);
    }

    public delegate T Reader<T>(Rgb24View picture);

    private static async Task<string> RunAsync(string path, string[] arguments)
    {
        var runner = new ProcessRunner(TimeProvider.System, new ProcessAccounting());
        var result = await runner.RunAsync(new ProcessSpec("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments, path]), null, default);
        Assert.True(result.Succeeded, result.ErrorTail);
        return path;
    }
}
