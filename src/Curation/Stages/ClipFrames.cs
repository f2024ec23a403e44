using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;

namespace MedGenCluster.Curation.Stages;

/// <summary>Decodes chosen frames of a cut clip for the stages that look at it.</summary>
internal sealed class ClipFrames(MediaTools tools)
{
    private readonly FramePipe _pipe = new(tools);
    private readonly VideoProbe _probe = new(tools);

    /// <summary>The clip as its own file describes it, or why it cannot be read. The cut stage measured its frames: the file is probed only where that is not known.</summary>
    public async Task<(ProbedVideo? Video, int Frames, StageResult.Failed? Failure)> OpenAsync(ClipWork work, CancellationToken cancellationToken)
    {
        if (work.MediaPath is not { } path)
        {
            return (null, 0, new StageResult.Failed("The clip was not cut, so it cannot be looked at.", Retryable: false));
        }

        return await _probe.ProbeAsync(path, cancellationToken).ConfigureAwait(false) is ProbeOutcome.Read { Media.Video: { FrameCount: { } frames } video }
            ? (video, (int)frames, null)
            : (null, 0, new StageResult.Failed("The cut clip cannot be read; it may be damaged in the media store.", Retryable: true));
    }

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
