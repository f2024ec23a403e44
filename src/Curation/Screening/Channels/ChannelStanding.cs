using MedGenCluster.Curation.Audits;
using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Curation.Screening.Channels;

/// <summary>What a screening found out about one channel.</summary>
/// <param name="Key">Its key among all channels.</param>
/// <param name="Id">The platform's id; null where no row gave one.</param>
/// <param name="Url">Its <c>channel_url</c>; null where no survivor gave one.</param>
/// <param name="Name">Null where no survivor gave it.</param>
/// <param name="Source">What lists its other uploads; null where nothing does.</param>
/// <param name="Rows">Usable rows of the channel, survivors or not; at least <paramref name="Survivors"/>.</param>
/// <param name="Survivors">At least 1.</param>
/// <param name="MeanProbability">Mean of the classifier's probabilities over the survivors; null where the classifier was skipped.</param>
/// <param name="Categories">Survivors with a term of each category, most first.</param>
public sealed record ChannelStanding(
    ChannelKey Key, string? Id, string? Url, string? Name, SourceSpec? Source,
    long Rows, long Survivors, double? MeanProbability, IReadOnlyList<NamedCount> Categories)
{
    /// <summary>Survivors among the channel's rows, 0 to 1.</summary>
    public double Share => (double)Survivors / Rows;

    /// <summary>The share that is certain enough to rank by, 0 to 1.</summary>
    public double LowerBound => WilsonInterval.Of(Survivors, Rows).Low;

    /// <summary>Best first: by <see cref="LowerBound"/>, then survivors, then mean probability; the key decides what is left, so that the order is total.</summary>
    public static IEnumerable<ChannelStanding> Rank(IEnumerable<ChannelStanding> channels) => channels
        .OrderByDescending(channel => channel.LowerBound)
        .ThenByDescending(channel => channel.Survivors)
        .ThenByDescending(channel => channel.MeanProbability ?? 0)
        .ThenBy(channel => channel.Key.Value);
}
