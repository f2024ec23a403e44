namespace MedGenCluster.Engine.Screening.Shards;

/// <summary>A row of the sample of what the classifier rejected: those with the smallest hashes of their identities, which is a fair draw, the same in every
/// run.</summary>
/// <param name="Json">The row as <c>rejected-sample.ndjson</c> writes it.</param>
public sealed record SampledRow(ulong Hash, string Json)
{
    /// <summary>Rows in the sample: as many as an audit of a stage looks at (METHOD section 1).</summary>
    public const int MaxRows = 200;

    /// <summary>The sample of rows in the order of the inputs, in that order. Of rows with one identity the earlier ones come first.</summary>
    public static IReadOnlyList<SampledRow> Smallest(IReadOnlyCollection<SampledRow> rows) => rows.Count <= MaxRows
        ? [.. rows]
        : [.. rows.Select((row, order) => (row, order)).OrderBy(item => item.row.Hash).ThenBy(item => item.order).Take(MaxRows)
            .OrderBy(item => item.order).Select(item => item.row)];
}
