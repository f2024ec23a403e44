namespace MedGenCluster.Curation.Screening;

/// <summary>How often something named was seen.</summary>
public readonly record struct NamedCount(string Name, long Count)
{
    /// <summary>Most first; names decide between equals.</summary>
    public static IReadOnlyList<NamedCount> Ordered(IEnumerable<KeyValuePair<string, long>> counts) =>
        [.. counts.Select(pair => new NamedCount(pair.Key, pair.Value)).OrderByDescending(item => item.Count).ThenBy(item => item.Name, StringComparer.Ordinal)];
}
