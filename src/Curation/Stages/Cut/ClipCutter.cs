using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Processes;

namespace MedGenCluster.Curation.Stages.Cut;

/// <summary>A cut clip as it lies on disk.</summary>
/// <param name="Rate">Frames per second, as a fraction.</param>
/// <param name="BitRate">Bits per second, of the whole file.</param>
public sealed record CutFile(int Width, int Height, FrameRate Rate, int Frames, double DurationSeconds, long BitRate, string? Trouble);

/// <summary>Cuts clips: H.264, 4:2:0, constant frame rate, no sound. The same source and options give the same bytes.</summary>
public sealed class ClipCutter(MediaTools tools)
{
    private readonly VideoProbe _probe = new(tools);

    /// <summary>Writes a clip to <paramref name="target"/> and hands 2 frames per second of the uncropped source picture to
    /// <paramref name="preview"/>. Returns the file, or a sentence why there is none.</summary>
    public async Task<(CutFile? File, string? Failure)> CutAsync(
        string source, ProbedMedia media, ClipInterval interval, CutOptions options, string target, FrameHandler preview, CancellationToken cancellationToken)
    {
        var plan = CutPlan.For(media, interval, options, tools.Options.MaxFrameLongSide);
        var result = await tools.FfmpegAsync(
            [
                "-y", .. tools.DecoderThreads, "-reinit_filter", "0", .. plan.InputOptions, .. MediaTools.Input(source),
                "-filter_complex", plan.Graph, "-filter_complex_threads", "1",
                "-map", "[clip]", .. plan.Encoding, "file:" + Path.GetFullPath(target),
                "-map", "[previews]", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1",
            ],
            (stream, token) =>
            {
                RawFrames.ReadAll(stream, plan.PreviewSize, preview, token);
                return Task.CompletedTask;
            },
            cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
            return (null, FfmpegWords.Explain(result, source));
        return await CheckAsync(plan, target, result, source, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(CutFile? File, string? Failure)> CheckAsync(
        CutPlan plan, string target, ProcessResult result, string source, CancellationToken cancellationToken)
    {
        var outcome = await _probe.ProbeAsync(target, cancellationToken).ConfigureAwait(false);
        if (outcome is ProbeOutcome.Unreadable unreadable)
            return (null, "The cut clip cannot be read: " + unreadable.Reason);
        var media = ((ProbeOutcome.Read)outcome).Media;
        if (media.Video is not { FrameCount: { } frames } video || media.DurationSeconds is not { } duration)
            return (null, "The cut clip has no frames.");
        string found = FormattableString.Invariant($"{video.Codec} {video.Width}x{video.Height}, {frames} frames, {duration:0.###} s");
        string wanted = FormattableString.Invariant($"h264 {plan.Width}x{plan.Height}, {plan.Frames} frames, {plan.Frames / plan.Rate.PerSecond:0.###} s");
        bool fits = video.Codec == "h264" && (video.Width, video.Height) == (plan.Width, plan.Height)
            && Math.Abs(frames - plan.Frames) <= 2
            && Math.Abs(duration - frames / plan.Rate.PerSecond) <= 2 / plan.Rate.PerSecond;
        if (!fits)
            return (null, $"The cut clip is {found} instead of {wanted}.");
        long bytes = new FileInfo(target).Length;
        string? trouble = result.ErrorTail.Length > 0 ? FfmpegWords.Clean(result.ErrorTail, source) : null;
        return (new CutFile(plan.Width, plan.Height, plan.Rate, (int)frames, duration, (long)(bytes * 8 / duration), trouble), null);
    }
}
