using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Stages.Cut;

namespace MedGenCluster.Curation.Stages;

/// <summary>Decodes chosen frames of a cut clip for the stages that look at it.</summary>
internal sealed class ClipFrames(MediaTools tools)
{
    private readonly FramePipe _pipe = new(tools);
    /// <summary>The clip as the cut stage measured it, or why it cannot be looked at.</summary>
    public static (ProbedVideo? Video, int Frames, StageResult.Failed? Failure) Open(ClipWork work) =>
        work.MediaPath is not null && CutData.Of(work.Measurements) is { } cut
            ? (cut.Video(), cut.Frames, null)
            : (null, 0, new StageResult.Failed("The clip was not cut, so it cannot be looked at.", Retryable: false));

    /// <summary>Hands the wanted frames over; a failure where fewer came than <paramref name="least"/>.</summary>
    public async Task<StageResult.Failed?> ReadAsync(
        ClipWork work, ProbedVideo video, FrameSampling.Numbers frames, int least, FrameHandler handler, CancellationToken cancellationToken)
    {
        var read = await _pipe.ReadAsync(work.MediaPath!, video, frames, handler, cancellationToken).ConfigureAwait(false);
        return read.Stopped || read.Frames < least
            ? new StageResult.Failed($"Only {read.Frames} of {frames.Indices.Count} frames of the clip could be decoded. {read.Trouble}".TrimEnd(), Retryable: true)
            : null;
    }
}
