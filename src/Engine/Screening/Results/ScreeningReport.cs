using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Report;
using MedGenCluster.Engine.Screening.Shards;

namespace MedGenCluster.Engine.Screening.Results;

/// <summary>What a screening found. The same inputs and options give the same report, however often the run was killed and on however many threads it ran:
/// it holds no time of writing.</summary>
public sealed record ScreeningReport
{
    /// <summary>Terms that are listed.</summary>
    public const int MaxTerms = 50;

    public required IReadOnlyList<ReportedInput> Inputs { get; init; }

    public required double MinProbability { get; init; }

    public string? LabelColumn { get; init; }

    /// <summary>Version of the keyword dictionary.</summary>
    public required string Dictionary { get; init; }

    /// <summary>Null where the classifier was skipped.</summary>
    public ClassifierIdentity? Classifier { get; init; }

    public required int Shards { get; init; }

    /// <summary>Uncompressed bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>All rows, unusable ones included.</summary>
    public required long Rows { get; init; }

    public required long KeywordHits { get; init; }

    /// <summary>Hits that the classifier found less probable than asked for.</summary>
    public required long Rejected { get; init; }

    /// <summary>Hits that the classifier passed and that have the id of an earlier survivor.</summary>
    public required long Duplicates { get; init; }

    public required long Survivors { get; init; }

    /// <summary>Channels with a survivor.</summary>
    public required int Channels { get; init; }

    public required long SurvivorsWithoutChannel { get; init; }

    public required IReadOnlyList<ReportedTrouble> Troubles { get; init; }

    /// <summary>Most survivors first.</summary>
    public required IReadOnlyList<ReportedName> Categories { get; init; }

    /// <summary>The <see cref="MaxTerms"/> most frequent ones, most hits first.</summary>
    public required IReadOnlyList<ReportedName> TopTerms { get; init; }

    /// <summary>Null where no label column was asked for.</summary>
    public ReportedLabels? Labels { get; init; }

    /// <summary>Rows and files that could not be used; duplicates are not among them.</summary>
    public long Unusable => Troubles.Where(trouble => trouble.Kind != RowTrouble.DuplicateId.Name()).Sum(trouble => trouble.Count);

    internal static ScreeningReport Of(Checkpoint run, int shards, ScreeningCounts counts, int channels) => new()
    {
        Inputs = [.. run.Inputs.Select(input => new ReportedInput(input.Path, input.Length))],
        MinProbability = run.MinProbability,
        LabelColumn = run.LabelColumn,
        Dictionary = run.Dictionary,
        Classifier = run.Classifier,
        Shards = shards,
        Bytes = counts.Bytes,
        Rows = counts.Rows,
        KeywordHits = counts.Hits,
        Rejected = counts.Rejected,
        Duplicates = counts.Duplicates,
        Survivors = counts.Survivors,
        Channels = channels,
        SurvivorsWithoutChannel = counts.WithoutChannel,
        Troubles = [.. counts.Troubles.OrderBy(pair => pair.Key).Select(pair => new ReportedTrouble(pair.Key.Name(), pair.Value.Count, pair.Value.First))],
        Categories = [.. Named(counts.Categories).OrderByDescending(item => item.Survivors).ThenBy(item => item.Name, StringComparer.Ordinal)],
        TopTerms = [.. Named(counts.Terms).OrderByDescending(item => item.Hits).ThenBy(item => item.Name, StringComparer.Ordinal).Take(MaxTerms)],
        Labels = counts.Labels is { } labels ? ReportedLabels.Of(labels) : null,
    };

    private static IEnumerable<ReportedName> Named(IReadOnlyDictionary<string, StageCount> counts) =>
        counts.Select(pair => new ReportedName(pair.Key, pair.Value.Hits, pair.Value.Survivors));
}

/// <param name="Path">Absolute.</param>
/// <param name="Length">Bytes on the disk.</param>
public sealed record ReportedInput(string Path, long Length);

/// <param name="Kind">For example <c>broken-utf8</c>.</param>
/// <param name="First">The first places.</param>
public sealed record ReportedTrouble(string Kind, long Count, IReadOnlyList<RowPlace> First);

/// <summary>Rows in which a term, or a term of a category, occurs.</summary>
public sealed record ReportedName(string Name, long Hits, long Survivors);

/// <summary>Both stages against the labels.</summary>
public sealed record ReportedLabels(
    ReportedStage Keyword, ReportedStage Both, long Unlabelled,
    IReadOnlyList<Misjudged> FalsePositives, IReadOnlyList<Misjudged> FalseNegatives, IReadOnlyList<Misjudged> Missed)
{
    internal static ReportedLabels Of(LabelTally tally) => new(
        ReportedStage.Of(tally.Keyword), ReportedStage.Of(tally.Both), tally.Unlabelled, tally.FalsePositives, tally.FalseNegatives, tally.Missed);
}

/// <param name="Precision">Null where nothing was predicted medical.</param>
/// <param name="Recall">Null where nothing is medical.</param>
/// <param name="F1">Null where neither.</param>
public sealed record ReportedStage(
    double? Precision, double? Recall, double? F1, long TruePositives, long FalsePositives, long FalseNegatives, long TrueNegatives)
{
    internal static ReportedStage Of(Confusion confusion) => new(
        confusion.Precision, confusion.Recall, confusion.F1,
        confusion.TruePositives, confusion.FalsePositives, confusion.FalseNegatives, confusion.TrueNegatives);
}
