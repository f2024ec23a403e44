namespace MedGenCluster.Silo.Api.Contracts;

/// <summary>The funnel of arXiv 2507.05675 Figure 4.</summary>
public sealed record FunnelView(
    long? Job, long Videos, long VideosEnded, long Clips, long ClipsEnded, long Accepted, long Duplicates, long Failed, double Progress, IReadOnlyList<FunnelStage> Stages);

/// <summary>In = Pending + Rejected + Failed + Passed.</summary>
/// <param name="Kind"><c>video</c> or <c>clip</c>.</param>
public sealed record FunnelStage(string Stage, string Kind, long In, long Pending, long Rejected, long Failed, long Passed, IReadOnlyList<ReasonCount> Reasons);

public sealed record ReasonCount(string Reason, long Count);

/// <summary>A number of the options that a what-if can move.</summary>
/// <param name="Name">The option's name, for example <c>aesthetics.minScore</c>.</param>
/// <param name="Rejects"><c>below</c>, <c>at-or-below</c> or <c>above</c>: which side of the threshold is removed.</param>
/// <param name="Current">Its value in the job; with several jobs the value of the latest.</param>
/// <param name="Histogram">Counts of clips by score in equal bins from <paramref name="Min"/> to <paramref name="Max"/>.</param>
/// <param name="Demo">The scores come from demonstration models.</param>
public sealed record Threshold(
    string Name, string Stage, string Score, string Rejects, double Current, double Min, double Max, double Step, IReadOnlyList<long> Histogram, bool Demo);

/// <param name="Job">One job, or null for all.</param>
/// <param name="Changes">Option names with their new values, for example <c>aesthetics.minScore</c>: <c>4</c>.</param>
/// <param name="Edges">How many clips nearest to the threshold to name on each side, 0 to 50.</param>
public sealed record WhatIfRequest(long? Job, IReadOnlyDictionary<string, double> Changes, int Edges = 8);

/// <summary>What a re-decision under other thresholds gives, from the stored scores.</summary>
/// <param name="Unmeasured">Clips that would have to be measured by a stage which has not seen them.</param>
/// <param name="Inside">Clips that stay, nearest to the changed threshold first.</param>
/// <param name="Outside">Clips that go, nearest to the changed threshold first.</param>
public sealed record WhatIfView(
    long AcceptedNow, long Accepted, long Gained, long Lost, long Unmeasured, IReadOnlyList<ReasonCount> RejectedByStage,
    IReadOnlyList<ItemSummary> Inside, IReadOnlyList<ItemSummary> Outside, double Milliseconds);

/// <summary>Asks for a re-decision.</summary>
public sealed record RedecisionRequest(IReadOnlyDictionary<string, string> Changes);
