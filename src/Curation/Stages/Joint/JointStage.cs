using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages.TechnicalQuality;

namespace MedGenCluster.Curation.Stages.Joint;

/// <summary>The combined rule (arXiv 2507.05675 section 3.2): clips that are weak in both technical quality and aesthetics are removed.
/// It measures nothing; the two numbers are copied so that the decision can be read in one place.</summary>
public sealed class JointStage : ItemStage<ClipWork>
{
    public override StageId Id => StageId.Joint;

    public override Resource Needs => Resource.Cpu;

    public override int BatchSize => 64;

    public override Verdict Decide(IMeasurements measurements, CurationOptions options)
    {
        var scores = Own(measurements).Scores;
        var rules = options.Joint;
        double technical = scores[TechnicalQualityStage.OverallScore(options.TechnicalQuality.Fusion)];
        bool badTechnically = rules.Direction == ScoreDirection.RejectLow ? technical < rules.MaxTechnical : technical > rules.MaxTechnical;
        return badTechnically && scores["aesthetic"] < rules.MaxAesthetic
            ? Verdict.Reject("joint-low-quality", technical, rules.MaxTechnical)
            : Verdict.Pass(technical, rules.MaxTechnical);
    }

    protected override Task<StageResult> MeasureAsync(ClipWork work, CancellationToken cancellationToken)
    {
        if (work.Measurements[StageId.Aesthetics] is not { } aesthetics || work.Measurements[StageId.TechnicalQuality] is not { } technical)
            return Task.FromResult<StageResult>(new StageResult.Failed("The combined rule needs the aesthetic and the technical score.", Retryable: false));
        return Task.FromResult<StageResult>(new StageResult.Measured(Measured(
        [
            ("aesthetic", aesthetics.Scores["aesthetic"]),
            ("overallAsShipped", technical.Scores["overallAsShipped"]),
            ("overallCorrected", technical.Scores["overallCorrected"]),
        ])));
    }
}
