using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Engine.Screening.Shards;

/// <summary>What one shard held: everything that the report is made of. A shard lies in one file.</summary>
public sealed record ShardTally
{
    public required string Input { get; init; }

    /// <summary>Where it begins in the uncompressed input.</summary>
    public required CandidatePosition From { get; init; }

    /// <summary>Where the next one begins.</summary>
    public required CandidatePosition To { get; init; }

    /// <summary>Whether the input ends with this shard.</summary>
    public required bool IsLast { get; init; }

    public required ScreeningCounts Counts { get; init; }
}

/// <summary>Counts that add up, of a shard or of a whole run.</summary>
public sealed record ScreeningCounts
{
    public static readonly ScreeningCounts Empty = new();

    /// <summary>Uncompressed bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>All rows, unusable ones included; blank lines and headers are none.</summary>
    public long Rows { get; init; }

    /// <summary>Rows in which a term of the dictionary occurs.</summary>
    public long Hits { get; init; }

    /// <summary>Hits that the classifier finds less probable than asked for.</summary>
    public long Rejected { get; init; }

    /// <summary>Hits that would have survived but for an earlier survivor with their id.</summary>
    public long Duplicates { get; init; }

    public long Survivors { get; init; }

    /// <summary>Survivors that name no channel.</summary>
    public long WithoutChannel { get; init; }

    public IReadOnlyDictionary<RowTrouble, TroubleCount> Troubles { get; init; } = new Dictionary<RowTrouble, TroubleCount>();

    /// <summary>Rows by category of the terms that occur in them; a row counts once for each of its categories.</summary>
    public IReadOnlyDictionary<string, StageCount> Categories { get; init; } = new Dictionary<string, StageCount>();

    /// <summary>Rows by term.</summary>
    public IReadOnlyDictionary<string, StageCount> Terms { get; init; } = new Dictionary<string, StageCount>();

    /// <summary>Null where no label column was asked for.</summary>
    public LabelTally? Labels { get; init; }

    /// <summary>Of the rows that the classifier rejected.</summary>
    public IReadOnlyList<SampledRow> Sample { get; init; } = [];

    /// <summary>The counts of this and of what comes after it in the order of the inputs.</summary>
    public ScreeningCounts Then(ScreeningCounts later) => new()
    {
        Bytes = Bytes + later.Bytes,
        Rows = Rows + later.Rows,
        Hits = Hits + later.Hits,
        Rejected = Rejected + later.Rejected,
        Duplicates = Duplicates + later.Duplicates,
        Survivors = Survivors + later.Survivors,
        WithoutChannel = WithoutChannel + later.WithoutChannel,
        Troubles = Merge(Troubles, later.Troubles, (a, b) => a.Then(b)),
        Categories = Merge(Categories, later.Categories, (a, b) => a + b),
        Terms = Merge(Terms, later.Terms, (a, b) => a + b),
        Labels = Labels is null ? later.Labels : later.Labels is null ? Labels : Labels.Then(later.Labels),
        Sample = SampledRow.Smallest([.. Sample, .. later.Sample]),
    };

    private static Dictionary<TKey, TValue> Merge<TKey, TValue>(IReadOnlyDictionary<TKey, TValue> a, IReadOnlyDictionary<TKey, TValue> b, Func<TValue, TValue, TValue> add)
        where TKey : notnull
    {
        var merged = new Dictionary<TKey, TValue>(a);
        foreach (var (key, value) in b)
        {
            merged[key] = merged.TryGetValue(key, out var earlier) ? add(earlier, value) : value;
        }

        return merged;
    }
}
