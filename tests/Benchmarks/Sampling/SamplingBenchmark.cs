using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Imaging;
using MedGenCluster.Curation.Processes;

namespace MedGenCluster.Benchmarks.Sampling;

/// <summary>CPU of sampling at 1 fps and CLIP preprocessing, without the model, against <c>ffmpeg -vf fps=1,scale=-2:224 -f null</c> on the same file, in turns.</summary>
internal static class SamplingBenchmark
{
    private const int Turns = 5;
    private const double Limit = 1.15;

    public static async Task<int> RunAsync(string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("medgen-sampling-").FullName;
        try
        {
            var accounting = new ProcessAccounting();
            var tools = new MediaTools(new ProcessRunner(TimeProvider.System, accounting), new MediaToolOptions());
            var files = args.Length > 0 ? args : [await MakeAsync(tools, folder, "854x480"), await MakeAsync(tools, folder, "1280x720"), await MakeAsync(tools, folder, "1920x1080")];
            Console.WriteLine($"sampling at 1 fps + CLIP preprocessing, CPU seconds, median of {Turns} turns");
            foreach (var file in files)
            {
                await MeasureAsync(tools, accounting, file);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(MediaTools tools, ProcessAccounting accounting, string file)
    {
        if (await new VideoProbe(tools).ProbeAsync(file, CancellationToken.None) is not ProbeOutcome.Read { Media.Video: { } video })
        {
            throw new InvalidOperationException($"{file} cannot be read.");
        }

        var pipe = new FramePipe(tools);
        var tensor = new float[3 * 224 * 224];
        var (ours, plain, frames) = (new List<double>(), new List<double>(), 0);
        for (var turn = 0; turn <= Turns; turn++)
        {
            var own = await CpuAsync(accounting, async () =>
                frames = (await pipe.ReadAsync(file, video, new FrameSampling.EachSecond(), (_, picture) => ClipPreprocessor.Write(picture, tensor), CancellationToken.None)).Frames);
            var reference = await CpuAsync(accounting, () => tools.FfmpegAsync(
                [.. tools.DecoderThreads, .. MediaTools.Input(file), "-an", "-vf", "fps=1,scale=-2:224", "-f", "null", "-"], null, CancellationToken.None));
            if (turn > 0)
            {
                // The first turn compiles and fills caches.
                ours.Add(own);
                plain.Add(reference);
            }
        }

        var ratio = CpuClock.Median(ours.Zip(plain, (a, b) => a / b));
        Console.WriteLine(FormattableString.Invariant(
            $"  {video.Width}x{video.Height}, {frames} frames: {CpuClock.Median(ours):F3} against {CpuClock.Median(plain):F3}, ratio {ratio:F3} (limit {Limit})  {(ratio <= Limit ? "ok" : "OVER")}"));
    }

    private static async Task<double> CpuAsync(ProcessAccounting accounting, Func<Task> work)
    {
        var before = CpuClock.Own + accounting.Totals.Values.Sum(program => program.CpuSeconds);
        await work();
        return CpuClock.Own + accounting.Totals.Values.Sum(program => program.CpuSeconds) - before;
    }

    /// <summary>Half a minute of moving test picture with noise, as costly to decode as a camera's.</summary>
    private static async Task<string> MakeAsync(MediaTools tools, string folder, string size)
    {
        var file = Path.Combine(folder, size + ".mp4");
        var made = await tools.FfmpegAsync(
            ["-y", "-f", "lavfi", "-i", $"testsrc2=size={size}:rate=25", "-t", "30", "-vf", "noise=alls=8:allf=t", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", file],
            null, CancellationToken.None);
        return made.Succeeded ? file : throw new InvalidOperationException("ffmpeg could not make the test video: " + made.ErrorTail);
    }
}
