using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Engine.Browsing;

/// <summary>A threshold that a what-if can move without measuring anything.</summary>
/// <param name="Name">Name of the option.</param>
/// <param name="Value">Its value in a job's options.</param>
/// <param name="Min">Least value that is worth showing.</param>
/// <param name="Step">By how much it moves.</param>
public sealed record MovableThreshold(string Name, StageId Stage, ClipScore Score, Func<CurationOptions, double> Value, double Min, double Max, double Step)
{
    /// <summary>In the order of the stages.</summary>
    public static readonly IReadOnlyList<MovableThreshold> All =
    [
        new("borders.minThickness", StageId.Borders, ClipScore.Border, options => options.Borders.MinThickness, 0, 120, 1),
        new("subtitles.maxWords", StageId.Subtitles, ClipScore.Words, options => options.Subtitles.MaxWords, 0, 100, 1),
        new("aesthetics.minScore", StageId.Aesthetics, ClipScore.Aesthetic, options => options.Aesthetics.MinScore, 0, 10, 0.05),
        new("technicalQuality.threshold", StageId.TechnicalQuality, ClipScore.Technical, options => options.TechnicalQuality.Threshold, 0, 1, 0.01),
        new("joint.maxTechnical", StageId.Joint, ClipScore.Technical, options => options.Joint.MaxTechnical, 0, 1, 0.01),
        new("joint.maxAesthetic", StageId.Joint, ClipScore.Aesthetic, options => options.Joint.MaxAesthetic, 0, 10, 0.05),
    ];

    /// <summary>Which side of the threshold is removed: <c>below</c>, <c>at-or-below</c>, <c>above</c> or <c>at-or-above</c>.</summary>
    public string Rejects(CurationOptions options) => Name switch
    {
        "borders.minThickness" => "at-or-above",
        "subtitles.maxWords" => "above",
        "technicalQuality.threshold" => options.TechnicalQuality.Direction == ScoreDirection.RejectLow ? "at-or-below" : "above",
        "joint.maxTechnical" => options.Joint.Direction == ScoreDirection.RejectLow ? "below" : "above",
        _ => "below",
    };
}
