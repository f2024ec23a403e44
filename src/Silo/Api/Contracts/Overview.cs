namespace MedGenCluster.Silo.Api.Contracts;

/// <summary>What the first page shows.</summary>
/// <param name="Blocked">Why all work stands still (a full disk), or null.</param>
/// <param name="Standstill">Why a part of the work waits (a source that refuses for now), or null.</param>
public sealed record Overview(
    string Version, string Engine, DateTimeOffset StartedAt, DateTimeOffset Now, string? Blocked, string? Standstill, bool DemoModels,
    Totals Totals, IReadOnlyList<JobView> Running, IReadOnlyList<StageActivity> Stages, Bottleneck? Bottleneck, Eta? Eta, IReadOnlyList<Attention> Attention);

public sealed record Totals(long Jobs, long Videos, long VideosEnded, long Clips, long ClipsEnded, long Accepted, long Rejected, long Failed);

/// <summary>A stage now.</summary>
/// <param name="Needs"><c>network</c>, <c>cpu</c>, <c>gpu</c> or <c>api</c>: what it shares with other stages.</param>
/// <param name="Queue">Items that wait for the stage or are in it.</param>
/// <param name="InFlight">Items that are in it.</param>
/// <param name="PerMinute">Items finished a minute over the last 5 minutes.</param>
/// <param name="SecondsPerItem">Mean seconds in the stage over the last hour; null before the first.</param>
/// <param name="BusyShare">Share of the stage's slots that was busy over the last 5 minutes, 0 to 1.</param>
/// <param name="Slots">Items that its resource can hold at one time.</param>
public sealed record StageActivity(
    string Stage, string Kind, string Needs, long Queue, long InFlight, double PerMinute, double? SecondsPerItem, double BusyShare, int Slots);

/// <summary>The stage that sets the pace.</summary>
/// <param name="Sentence">The evidence in words.</param>
public sealed record Bottleneck(string Stage, string Sentence, long Queue, double BusyShare, double PerMinute);

/// <summary>Time to the end of the known work.</summary>
/// <param name="LowSeconds">Lower end of an 80 % interval.</param>
public sealed record Eta(double Seconds, double LowSeconds, double HighSeconds);

/// <summary>Something that needs a person: failed items, a failed job, an incomplete listing, a blocked engine.</summary>
/// <param name="Kind"><c>failed-items</c>, <c>failed-job</c>, <c>skipped</c> or <c>blocked</c>.</param>
public sealed record Attention(string Kind, string Sentence, long Count, long? Job, string? Stage);

/// <summary>Finished items by stage over time.</summary>
/// <param name="BucketSeconds">Length of a bucket.</param>
/// <param name="Starts">Unix seconds at which the buckets begin, ascending, without gaps.</param>
public sealed record Throughput(int BucketSeconds, IReadOnlyList<long> Starts, IReadOnlyList<ThroughputSeries> Stages);

/// <param name="PerMinute">Items finished a minute in each bucket.</param>
/// <param name="Busy">Mean number of busy slots in each bucket.</param>
public sealed record ThroughputSeries(string Stage, IReadOnlyList<double> PerMinute, IReadOnlyList<double> Busy, long Passed, long Rejected, long Failed);

/// <summary>Finished items by stage and second, of the whole cluster.</summary>
/// <param name="Start">Unix seconds of the first second.</param>
/// <param name="Seconds">Seconds that are shown; the last is the one before now, as the present one is not over.</param>
/// <param name="Stages">Stages that finished something in that time, in the pipeline's order.</param>
public sealed record LiveThroughput(long Start, int Seconds, IReadOnlyList<LiveSeries> Stages);

/// <param name="Finished">Items finished in each second, first to last.</param>
public sealed record LiveSeries(string Stage, IReadOnlyList<int> Finished, long Passed, long Rejected, long Failed);

/// <summary>Queued GPU work, for an autoscaler.</summary>
/// <param name="Items">Items before or in stages that need a GPU.</param>
/// <param name="Seconds">Their work in seconds of one lane at the measured rate; null where nothing was measured yet.</param>
public sealed record Scaling(long Items, double? Seconds, int Lanes, IReadOnlyList<ScalingStage> Stages);

public sealed record ScalingStage(string Stage, long Items, double? SecondsPerItem, double? Seconds);
