using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;

namespace MedGenCluster.Curation.Stages.Probe;

/// <summary>Reads the headers of the fetched file and applies the rules on length and size (arXiv 2507.05675 section 3.1).</summary>
public sealed class ProbeStage(MediaTools tools) : ItemStage<VideoWork>
{
    private readonly VideoProbe _probe = new(tools);

    public override StageId Id => StageId.Probe;

    public override Resource Needs => Resource.Cpu;

    /// <summary>What the probe found; null before it ran.</summary>
    public static ProbedMedia? Media(IMeasurements measurements) => StageData.Read<ProbedMedia>(measurements[StageId.Probe]);

    public override Verdict Decide(IMeasurements measurements, CurationOptions options)
    {
        var scores = Own(measurements).Scores;
        var rules = options.Probe;
        if (scores["live"] > 0)
            return Verdict.Reject("live");
        if (scores["videoStreams"] == 0)
            return Verdict.Reject("no-video-stream");
        if (scores["durationSeconds"] < rules.MinDurationSeconds)
            return Verdict.Reject("too-short", scores["durationSeconds"], rules.MinDurationSeconds);
        if (scores["shortSide"] < rules.MinShortSide)
            return Verdict.Reject("resolution-below-minimum", scores["shortSide"], rules.MinShortSide);
        if (scores["longSide"] > rules.MaxLongSide)
            return Verdict.Reject("resolution-above-maximum", scores["longSide"], rules.MaxLongSide);
        return Verdict.Pass(scores["shortSide"], rules.MinShortSide);
    }

    protected override async Task<StageResult> MeasureAsync(VideoWork work, CancellationToken cancellationToken)
    {
        if (work.MediaPath is not { } path)
            return new StageResult.Failed("The video has no local file to probe.", Retryable: false);
        var outcome = await _probe.ProbeAsync(path, cancellationToken).ConfigureAwait(false);
        if (outcome is ProbeOutcome.Unreadable unreadable)
            return new StageResult.Failed(unreadable.Reason, unreadable.Retryable);

        var media = ((ProbeOutcome.Read)outcome).Media;
        double live = work.Metadata.IsLive ? 1 : 0;
        if (media.Video is not { } video)
            return new StageResult.Measured(Measured([("live", live), ("videoStreams", 0), ("hasAudio", media.HasAudio ? 1 : 0)], StageData.Write(media)));

        if (media.DurationSeconds is not > 0)
        {
            if (await _probe.CountPacketsAsync(path, cancellationToken).ConfigureAwait(false) is not { } counted)
                return new StageResult.Failed("The file does not tell its duration, and its packets could not be read to measure it.", Retryable: false);
            video = video with { FrameCount = counted.Packets };
            media = media with { DurationSeconds = counted.Packets > 1 ? counted.DurationSeconds : 0, Video = video };
        }

        return new StageResult.Measured(Measured(
            [
                ("live", live),
                ("videoStreams", 1),
                ("hasAudio", media.HasAudio ? 1 : 0),
                ("width", video.Width),
                ("height", video.Height),
                ("shortSide", Math.Min(video.Width, video.Height)),
                ("longSide", Math.Max(video.Width, video.Height)),
                ("durationSeconds", media.DurationSeconds ?? 0),
                ("fps", video.AverageRate.PerSecond),
                ("variableRate", video.LooksVariable ? 1 : 0),
                ("interlaced", video.Interlaced ? 1 : 0),
                ("rotation", video.Rotation),
                ("bitDepth", video.BitDepth),
                ("bitRate", media.BitRate ?? 0),
                .. video.FrameCount is { } frames ? [("frames", (double)frames)] : Array.Empty<(string, double)>(),
            ],
            StageData.Write(media)));
    }
}
