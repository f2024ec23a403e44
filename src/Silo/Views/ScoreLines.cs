using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Borders;
using MedGenCluster.Curation.Stages.Joint;
using MedGenCluster.Curation.Stages.TechnicalQuality;
using MedGenCluster.Silo.Api.Contracts;

namespace MedGenCluster.Silo.Views;

/// <summary>Every score of an item against its job's threshold.</summary>
internal static class ScoreLines
{
    public static IReadOnlyList<ScoreLine> OfVideo(IMeasurements measurements, CurationOptions options) =>
    [
        Line(measurements[StageId.Screen] ?? measurements[StageId.Probe], StageId.Probe, "durationSeconds", options.Probe.MinDurationSeconds, "below"),
        Line(measurements[StageId.Probe], StageId.Probe, "shortSide", options.Probe.MinShortSide, "below"),
        Line(measurements[StageId.Probe], StageId.Probe, "longSide", options.Probe.MaxLongSide, "above"),
    ];

    public static IReadOnlyList<ScoreLine> OfClip(IMeasurements measurements, CurationOptions options)
    {
        var quality = measurements[StageId.TechnicalQuality];
        double? overall = quality is null ? null : TechnicalQualityStage.Overall(quality, options.TechnicalQuality);
        var aesthetics = measurements[StageId.Aesthetics];
        var aesthetic = aesthetics?.Scores.GetValueOrDefault("score");
        var low = options.TechnicalQuality.Direction == ScoreDirection.RejectLow;
        var jointLow = options.Joint.Direction == ScoreDirection.RejectLow;
        var joint = overall is { } o && aesthetic is { } a && JointStage.Rejects(o, a, options.Joint);
        var border = measurements[StageId.Borders] is { } borders ? BordersStage.Thickest(borders) : (double?)null;
        return
        [
            new ScoreLine("borders", "thickest border, px", border, options.Borders.MinThickness, "at-or-above", Verdict(border, value => BordersStage.Rejects(value, options.Borders)), false),
            Line(measurements[StageId.Subtitles], StageId.Subtitles, "words", options.Subtitles.MaxWords, "above"),
            Line(aesthetics, StageId.Aesthetics, "score", options.Aesthetics.MinScore, "below"),
            new ScoreLine(
                StageId.TechnicalQuality.Name(), "overall", overall, options.TechnicalQuality.Threshold, low ? "at-or-below" : "above",
                Verdict(overall, value => TechnicalQualityStage.Rejects(value, options.TechnicalQuality)), Demo(quality)),
            new ScoreLine(
                StageId.Joint.Name(), "overall (both must be low)", overall, options.Joint.MaxTechnical, jointLow ? "below" : "above", Verdict(overall, _ => joint), Demo(quality)),
            new ScoreLine(StageId.Joint.Name(), "aesthetic (both must be low)", aesthetic, options.Joint.MaxAesthetic, "below", Verdict(aesthetic, _ => joint), Demo(aesthetics)),
        ];
    }

    private static ScoreLine Line(Measurement? measured, StageId stage, string score, double threshold, string rejects)
    {
        double? value = measured is not null && measured.Scores.TryGetValue(score, out var v) ? v : null;
        return new ScoreLine(stage.Name(), score, value, threshold, rejects, Verdict(value, x => rejects == "below" ? x < threshold : x > threshold), Demo(measured));
    }

    private static bool Demo(Measurement? measured) => measured is not null && Words.IsDemo(measured.ModelVersion);

    private static string Verdict(double? value, Func<double, bool> rejects) => value is not { } v ? "not-measured" : rejects(v) ? "rejected" : "passed";
}
