using MedGenCluster.Curation.Borders;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages.Cut;

namespace MedGenCluster.Curation.Stages.Borders;

/// <summary>Removes clips with persistent black borders on any side (arXiv 2507.05675 section 3.2), from what the cut saw of the
/// source picture. Thickness is in pixels of the source picture.</summary>
public sealed class BordersStage : ItemStage<ClipWork>
{
    private static readonly string[] Sides = ["top", "bottom", "left", "right"];

    public override StageId Id => StageId.Borders;

    public override Resource Needs => Resource.Cpu;

    public override int BatchSize => 64;

    /// <summary>The thickest persistent border of the four sides, pixels of the source picture.</summary>
    public static double Thickest(Measurement measured) => Sides.Max(side => measured.Scores.GetValueOrDefault(side));

    public static bool Rejects(double thickness, BordersOptions options) => thickness > 0 && thickness >= options.MinThickness;

    public override Verdict Decide(IMeasurements measurements, CurationOptions options)
    {
        var scores = Own(measurements).Scores;
        int least = options.Borders.MinThickness;
        double thickest = Thickest(Own(measurements));
        return Rejects(thickest, options.Borders)
            ? Verdict.Reject("black-border-" + string.Join('-', Sides.Where(side => Rejects(scores[side], options.Borders))), thickest, least)
            : Verdict.Pass(thickest, least);
    }

    protected override Task<StageResult> MeasureAsync(ClipWork work, CancellationToken cancellationToken)
    {
        if (CutData.Of(work.Measurements) is not { } cut)
            return Task.FromResult<StageResult>(new StageResult.Failed("The clip was not cut, so its borders are unknown.", Retryable: false));
        var verdict = PersistentBorders.Decide(cut.BorderFrames(), CutStage.Detection);
        return Task.FromResult<StageResult>(new StageResult.Measured(Measured(
        [
            ("top", verdict.Top.Thickness * cut.PreviewScale),
            ("bottom", verdict.Bottom.Thickness * cut.PreviewScale),
            ("left", verdict.Left.Thickness * cut.PreviewScale),
            ("right", verdict.Right.Thickness * cut.PreviewScale),
            ("framesUsed", verdict.FramesUsed),
        ])));
    }
}
