using System.Globalization;
using MedGenCluster.Curation.Processes;

namespace MedGenCluster.Curation.Frames;

/// <summary>What a decoding run delivered.</summary>
/// <param name="Frames">Frames handed to the consumer.</param>
/// <param name="Trouble">What went wrong, in words; null where nothing did. Frames delivered before are sound.</param>
/// <param name="Stopped">The decoder was ended from outside or could not be run: its frames are not all there are.</param>
public sealed record FramePipeResult(int Frames, string? Trouble, bool Stopped);

/// <summary>Decodes frames with ffmpeg straight into a consumer's hands: rgb24, square pixels, upright, progressive, any codec and depth.</summary>
public sealed class FramePipe(MediaTools tools)
{
    /// <summary>Decodes the wanted frames of a file; <paramref name="handler"/> is called for each, in order, on a thread of its own.</summary>
    /// <param name="maxLongSide">Shrinks larger pictures; null for the tools' limit.</param>
    public async Task<FramePipeResult> ReadAsync(
        string path, ProbedVideo video, FrameSampling sampling, FrameHandler handler, CancellationToken cancellationToken, int? maxLongSide = null)
    {
        var size = video.SizeWithin(maxLongSide ?? tools.Options.MaxFrameLongSide);
        string filter = sampling switch
        {
            FrameSampling.EachSecond => FilterGraph.Join(FilterGraph.Deinterlace(video), FilterGraph.HoldAt("1", FilterGraph.ToleranceMicroseconds), FilterGraph.Rgb(size)),
            FrameSampling.Numbers numbers => FilterGraph.Join(FilterGraph.Deinterlace(video), FilterGraph.Select(numbers.Indices), FilterGraph.Rgb(size)),
            _ => throw new ArgumentOutOfRangeException(nameof(sampling)),
        };
        IEnumerable<string> enough = sampling is FrameSampling.Numbers { Indices.Count: var count }
            ? ["-frames:v", count.ToString(CultureInfo.InvariantCulture)]
            : [];

        int frames = 0;
        var result = await tools.FfmpegAsync(
            [
                .. tools.DecoderThreads, "-reinit_filter", "0", .. MediaTools.Input(path),
                "-map", "0:V:0", "-vf", filter, "-filter_threads", "1", "-fps_mode", "passthrough", .. enough,
                "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1",
            ],
            (stream, token) =>
            {
                frames = RawFrames.ReadAll(stream, size, handler, token);
                return Task.CompletedTask;
            },
            cancellationToken).ConfigureAwait(false);
        return result.Succeeded
            ? new FramePipeResult(frames, result.ErrorTail.Length > 0 ? FfmpegWords.Clean(result.ErrorTail, path) : null, false)
            : new FramePipeResult(frames, FfmpegWords.Explain(result, path), result.End != ProcessEnd.Exited);
    }
}
