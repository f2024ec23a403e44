using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Curation.Stages.Screen;

/// <summary>Turns away what metadata alone rules out, before anything is fetched. What metadata does not say passes.</summary>
public sealed class ScreenStage : ItemStage<VideoWork>
{
    public override StageId Id => StageId.Screen;

    public override Resource Needs => Resource.Cpu;

    public override int BatchSize => 64;

    public override Verdict Decide(IMeasurements measurements, CurationOptions options)
    {
        var scores = Own(measurements).Scores;
        double least = options.Probe.MinDurationSeconds;
        if (scores["live"] > 0)
            return Verdict.Reject("live");
        if (LicenceRule.Refuses(scores, options.Licence, unknownPasses: true))
            return LicenceRule.Rejection;
        return scores.TryGetValue("durationSeconds", out double duration)
            ? duration < least ? Verdict.Reject("too-short", duration, least) : Verdict.Pass(duration, least)
            : Verdict.Pass();
    }

    protected override Task<StageResult> MeasureAsync(VideoWork work, CancellationToken cancellationToken)
    {
        var metadata = work.Metadata;
        List<(string, double)> scores =
        [
            ("live", metadata.IsLive ? 1 : 0),
            ("hasTranscript", metadata.TranscriptPath is null ? 0 : 1),
            ("titleLength", metadata.Title.Length),
            ("descriptionLength", metadata.Description.Length),
            .. LicenceRule.Scores(metadata.Licence),
        ];
        // A duration of 0 is how archives write that they do not know it.
        if (metadata.DurationSeconds is > 0 and < double.PositiveInfinity and var duration)
            scores.Add(("durationSeconds", duration));
        return Task.FromResult<StageResult>(new StageResult.Measured(Measured(scores)));
    }
}
