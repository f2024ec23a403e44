using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Reporting;
using MedGenCluster.Silo.Api.Contracts;

namespace MedGenCluster.Silo.Views;

/// <summary>Funnels and totals from the tallies; nothing is counted.</summary>
public static class FunnelViews
{
    public static FunnelView Of(Funnel funnel, long? job, long duplicates) => new(
        job, funnel.Videos, funnel.VideosEnded, funnel.Clips, funnel.ClipsEnded, funnel.Accepted, duplicates, funnel.Failed, funnel.Progress,
        [.. funnel.Rows.Select(row => new FunnelStage(
            row.Stage.Name(), Words.Of(row.Kind), row.In, row.Pending, row.Rejected, row.Failed, row.Passed,
            [.. row.Reasons.Select(reason => new ReasonCount(reason.Reason, reason.Count))]))]);

    /// <param name="order">The order in which the clip stages stand.</param>
    public static FunnelView Of(IReadOnlyList<Tally> tallies, Curation.Stages.StageOrderKind order, long? job, long duplicates) =>
        Of(Funnel.Of(tallies, order, job), job, duplicates);

    public static Totals Totals(IReadOnlyList<Tally> tallies, int jobs)
    {
        var funnel = Funnel.Of(tallies, Curation.Stages.StageOrderKind.Paper);
        return new Totals(
            jobs, funnel.Videos, funnel.VideosEnded, funnel.Clips, funnel.ClipsEnded, funnel.Accepted, funnel.RejectedClips, funnel.Failed);
    }

    /// <summary>Items of a kind, counted by outcome and stage from the tallies.</summary>
    public static long Count(IEnumerable<Tally> tallies, ItemKind kind, long? job, Outcome? outcome, StageId? stage, string? reason) => tallies
        .Where(t => t.Kind == kind && (job is null || t.Job == job) && (outcome is null || t.Outcome == outcome) && (stage is null || t.Stage == stage) && (reason is null || t.Reason == reason))
        .Sum(t => t.Count);
}
