using MedGenCluster.Curation.Captioning;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages.Borders;
using MedGenCluster.Curation.Stages.Caption;
using MedGenCluster.Curation.Stages.Subtitles;

namespace MedGenCluster.Curation.Stages;

/// <summary>What the rules of the clip stages look at, without the measurements around it. Null where the stage has not measured, or not this.</summary>
/// <param name="Measured">Bit <c>1 &lt;&lt; stage</c> for every stage that measured.</param>
/// <param name="Category">Number of a <see cref="ClipCategory"/>, -1 where the caption has none.</param>
/// <param name="Refused">The captioner refused.</param>
/// <param name="Border">Thickest persistent border of the four sides, pixels of the source picture.</param>
/// <param name="Words">Words on 5 frames at the job's least confidence.</param>
/// <param name="Aesthetic">LAION score.</param>
/// <param name="TechnicalAsShipped">DOVER, fused with the constants that its scripts ship, in (0,1).</param>
/// <param name="TechnicalCorrected">DOVER, fused with each branch's own statistics, in (0,1).</param>
public readonly record struct ClipFeatures(
    int Measured, int? Category = null, bool? Refused = null, double? Border = null, int? Words = null, double? Aesthetic = null, double? TechnicalAsShipped = null, double? TechnicalCorrected = null)
{
    public static int Bit(StageId stage) => 1 << (int)stage;

    public bool Has(StageId stage) => (Measured & Bit(stage)) != 0;

    public double? Technical(DoverFusion fusion) => fusion == DoverFusion.Corrected ? TechnicalCorrected : TechnicalAsShipped;

    /// <summary>What one measurement adds.</summary>
    public static ClipFeatures Of(Measurement measured, CurationOptions options)
    {
        var features = new ClipFeatures(Bit(measured.Stage));
        return measured.Stage switch
        {
            StageId.Caption => features with { Refused = CaptionStage.IsRefused(measured), Category = CategoryOf(measured) },
            StageId.Borders => features with { Border = BordersStage.Thickest(measured) },
            StageId.Subtitles => features with { Words = measured.Data is null ? null : SubtitlesStage.Words(measured, options.Subtitles) },
            StageId.Aesthetics => features with { Aesthetic = Score(measured, "score") },
            StageId.TechnicalQuality => features with { TechnicalAsShipped = Score(measured, "overallAsShipped"), TechnicalCorrected = Score(measured, "overallCorrected") },
            _ => features,
        };
    }

    private static double? Score(Measurement measured, string name) => measured.Scores.TryGetValue(name, out var value) ? value : null;

    private static int CategoryOf(Measurement caption)
    {
        if (CaptionData.Of(caption) is not { } data)
        {
            return -1;
        }

        foreach (var category in Enum.GetValues<ClipCategory>())
        {
            if (category.Name() == data.Category)
            {
                return (int)category;
            }
        }

        return -1;
    }
}
