using MedGenCluster.Curation.Screening.Report;

namespace MedGenCluster.Engine.Screening.Shards;

/// <summary>A row that was judged wrongly.</summary>
/// <param name="Probability">Null where the keyword stage had dropped the row, or where the classifier was skipped.</param>
public sealed record Misjudged(double? Probability, string Title, string? Id, string Input, long Line);

/// <summary>Both stages against the label column. A row that the keyword stage drops counts as predicted non-medical; a duplicate is judged like any row.</summary>
/// <param name="Keyword">The keyword stage alone.</param>
/// <param name="Both">Keyword stage and classifier.</param>
/// <param name="Unlabelled">Usable rows whose label says neither.</param>
/// <param name="FalsePositives">The most confident ones, highest probability first.</param>
/// <param name="FalseNegatives">Of those that the classifier rejected the most confident ones, lowest probability first.</param>
/// <param name="Missed">The first ones of those that the keyword stage dropped.</param>
public sealed record LabelTally(
    Confusion Keyword, Confusion Both, long Unlabelled,
    IReadOnlyList<Misjudged> FalsePositives, IReadOnlyList<Misjudged> FalseNegatives, IReadOnlyList<Misjudged> Missed)
{
    /// <summary>Examples of each kind that are kept.</summary>
    public const int MaxExamples = 20;

    public static readonly LabelTally Empty = new(default, default, 0, [], [], []);

    /// <param name="later">What comes after this in the order of the inputs, so that of equals the earlier ones stay.</param>
    public LabelTally Then(LabelTally later) => new(
        Keyword + later.Keyword, Both + later.Both, Unlabelled + later.Unlabelled,
        [.. FalsePositives.Concat(later.FalsePositives).OrderByDescending(row => row.Probability ?? 1).Take(MaxExamples)],
        [.. FalseNegatives.Concat(later.FalseNegatives).OrderBy(row => row.Probability ?? 0).Take(MaxExamples)],
        [.. Missed.Concat(later.Missed).Take(MaxExamples)]);
}
