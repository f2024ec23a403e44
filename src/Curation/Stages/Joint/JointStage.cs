using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages.TechnicalQuality;

namespace MedGenCluster.Curation.Stages.Joint;

/// <summary>Removes clips that are poor by both scores: DOVER below 0.3 and LAION below 4.0 (arXiv 2507.05675 section 3.2). It measures nothing of its own.</summary>
public sealed class JointStage : ItemStage<ClipWork>
{
    public override StageId Id => StageId.Joint;

    public override Resource Needs => Resource.Cpu;

    public override int BatchSize => 64;

    public static bool Rejects(double overall, double aesthetic, JointOptions options) =>
        (options.Direction == ScoreDirection.RejectLow ? overall < options.MaxTechnical : overall > options.MaxTechnical) && aesthetic < options.MaxAesthetic;

    public override Verdict Decide(IMeasurements measurements, CurationOptions options)
    {
        if (measurements[StageId.TechnicalQuality] is not { } quality || measurements[StageId.Aesthetics] is not { } aesthetics)
        {
            throw new InvalidOperationException("The joint rule needs the aesthetic and the technical score.");
        }

        var rule = options.Joint;
        var overall = TechnicalQualityStage.Overall(quality, options.TechnicalQuality);
        return Rejects(overall, aesthetics.Scores["score"], rule)
            ? Verdict.Reject("joint-low-quality", overall, rule.MaxTechnical)
            : Verdict.Pass(overall, rule.MaxTechnical);
    }

    protected override Task<StageResult> MeasureAsync(ClipWork work, CancellationToken cancellationToken) =>
        Task.FromResult<StageResult>(work.Measurements[StageId.TechnicalQuality] is null || work.Measurements[StageId.Aesthetics] is null
            ? new StageResult.Failed("The joint rule needs the aesthetic and the technical score; one is missing.", Retryable: false)
            : new StageResult.Measured(Measured([])));
}
