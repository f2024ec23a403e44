using System.Diagnostics;
using System.Globalization;

namespace MedGenCluster.Client.Demo;

/// <summary>Encodes demo videos with ffmpeg so that equal inputs give equal bytes.</summary>
/// <param name="workFolder">ffmpeg's working directory: subtitle texts lie here under plain names.</param>
internal sealed class VideoEncoder(string workFolder)
{
    /// <summary>Renders a plan and encodes it with sound and, for the subtitle fault, burned-in text.</summary>
    /// <exception cref="InvalidOperationException">ffmpeg is missing or fails; the message holds its errors.</exception>
    public async Task EncodeAsync(PlannedVideo plan, int seed, string output, CancellationToken cancellationToken)
    {
        var (width, height) = plan.RenderSize;
        var filters = string.Create(CultureInfo.InvariantCulture, $"scale={plan.Width}:{plan.Height}:flags=bicubic");
        if (plan.Fault == PlantedFault.Subtitles)
            filters += await SubtitleFiltersAsync(plan, Path.GetFileNameWithoutExtension(output), cancellationToken);
        string[] arguments =
        [
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", $"{width}x{height}", "-r", Number(plan.FrameRate), "-i", "pipe:0",
            "-f", "lavfi", "-i", Sound(plan, seed),
            "-filter:v", filters, "-shortest",
            "-c:v", "libx264", "-preset", "superfast", "-crf", plan.Fault == PlantedFault.Noise ? "33" : "24",
            .. Common, output,
        ];
        await RunAsync(arguments, stream => new FrameStream(plan, seed).WriteAsync(stream, cancellationToken), cancellationToken);
    }

    /// <summary>Encodes a video again: lower quality and a small logo in a corner.</summary>
    public Task RepostAsync(string original, string output, CancellationToken cancellationToken) =>
        RunAsync(
        [
            "-i", original,
            "-filter:v", "drawbox=x=iw-76:y=22:w=52:h=30:color=white@0.8:t=fill,drawbox=x=iw-66:y=30:w=32:h=14:color=red@0.8:t=fill",
            "-c:v", "libx264", "-preset", "superfast", "-crf", "31", .. Common, output,
        ], null, cancellationToken);

    // One thread and bit-exact muxing: the bytes depend on neither the machine's cores nor the clock.
    private static readonly string[] Common =
    [
        "-threads", "1", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "48k", "-ac", "1",
        "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact",
    ];

    private static string Sound(PlannedVideo plan, int seed)
    {
        var seconds = Number(plan.Seconds);
        return plan.Takes.Any(take => take.Kind == Scenes.SceneKind.EcgMonitor)
            ? $"sine=frequency=220:beep_factor=4:sample_rate=22050:duration={seconds},volume=0.15"
            : $"anoisesrc=color=pink:amplitude=0.05:sample_rate=22050:seed={Number(seed & 0xffff)}:duration={seconds}";
    }

    private async Task<string> SubtitleFiltersAsync(PlannedVideo plan, string name, CancellationToken cancellationToken)
    {
        var filters = "";
        var n = 0;
        foreach (var (start, end, sentence) in ArchiveFiles.Cues(plan))
        {
            var file = $"{name}-{n++}.txt";
            await File.WriteAllTextAsync(Path.Combine(workFolder, file), InTwoLines(sentence), cancellationToken);
            filters += ",drawtext=font='DejaVu Sans':fontsize=h/14:fontcolor=white:box=1:boxcolor=black@0.75:boxborderw=10:line_spacing=8:"
                + $"x=(w-text_w)/2:y=h-text_h-h/16:textfile={file}:enable='between(t,{Number(start)},{Number(end)})'";
        }

        return filters;
    }

    private static string InTwoLines(string sentence)
    {
        var middle = sentence.IndexOf(' ', sentence.Length / 2);
        return middle < 0 ? sentence : $"{sentence[..middle]}\n{sentence[(middle + 1)..]}";
    }

    private async Task RunAsync(string[] arguments, Func<Stream, Task>? feed, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("ffmpeg", ["-nostdin", "-hide_banner", "-loglevel", "error", "-y", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            WorkingDirectory = workFolder,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("ffmpeg did not start.");
        using var registration = cancellationToken.Register(() => Kill(process));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            if (feed is not null)
                await feed(process.StandardInput.BaseStream);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // ffmpeg closed the pipe; its own message below says why.
        }

        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"ffmpeg ended with {process.ExitCode}: {(await errors).Trim()}");
    }

    private static void Kill(Process process)
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
    }

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
