using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Engine.Screening.Crawl;

/// <summary>Which channels of a screening are worth crawling.</summary>
public sealed record ChannelChoice
{
    /// <summary>Least share of survivors among a channel's rows, 0 to 1.</summary>
    public double MinShare { get; init; } = 0.3;

    /// <summary>Channels at the most, best first; null takes all.</summary>
    public int? MaxChannels { get; init; }
}

/// <summary>A crawl to submit.</summary>
/// <param name="Name">Name of the job.</param>
public sealed record PlannedCrawl(string Name, SourceSpec Source);

/// <summary>The crawls of the chosen channels.</summary>
/// <param name="Crawls">One for each channel that a source lists, by rank; then one for the rest, a manifest of their survivors.</param>
/// <param name="Considered">Channels with a survivor.</param>
/// <param name="Chosen">Channels that fulfil the choice.</param>
/// <param name="ManifestRows">Survivors in the manifest.</param>
/// <param name="LeftOut">Channels and rows that cannot be crawled, with the reason.</param>
public sealed record CrawlPlan(IReadOnlyList<PlannedCrawl> Crawls, int Considered, int Chosen, int ManifestRows, IReadOnlyList<string> LeftOut);
