using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Reporting;

/// <summary>One stage of the funnel: In = Pending + Rejected + Failed + Passed.</summary>
/// <param name="Reasons">Rejected items by reason code, most first.</param>
public sealed record FunnelRow(
    StageId Stage, ItemKind Kind, long In, long Pending, long Rejected, long Failed, long Passed, IReadOnlyList<(string Reason, long Count)> Reasons);

/// <summary>The funnel of arXiv 2507.05675 Figure 4, from the ledger's tallies.</summary>
public sealed record Funnel(IReadOnlyList<FunnelRow> Rows, long Videos, long VideosEnded, long Clips, long ClipsEnded, long Accepted, long Failed)
{
    public static Funnel Of(IEnumerable<Tally> tallies, StageOrderKind order, long? job = null)
    {
        var counted = tallies.Where(t => job is null || t.Job == job).ToList();
        // A clip that a re-decision withdrew ended at a stage of its video: it is a clip no more, though the ledger keeps it.
        counted.RemoveAll(t => t.Kind == ItemKind.Clip && StageOrder.Video.Contains(t.Stage));
        var rows = new List<FunnelRow>();
        Add(ItemKind.Video, StageOrder.Video.Stages);
        Add(ItemKind.Clip, StageOrder.Clip(order).Stages);
        return new Funnel(
            rows,
            Sum(t => t.Kind == ItemKind.Video),
            Sum(t => t.Kind == ItemKind.Video && t.Outcome is not (Outcome.Active or Outcome.AwaitingClips)),
            Sum(t => t.Kind == ItemKind.Clip),
            Sum(t => t.Kind == ItemKind.Clip && t.Outcome != Outcome.Active),
            Sum(t => t.Outcome == Outcome.Accepted),
            Sum(t => t.Outcome == Outcome.Failed));

        long Sum(Func<Tally, bool> which) => counted.Where(which).Sum(t => t.Count);

        void Add(ItemKind kind, IReadOnlyList<StageId> stages)
        {
            var reached = Sum(t => t.Kind == kind);
            foreach (var stage in stages)
            {
                var here = counted.Where(t => t.Kind == kind && t.Stage == stage).ToList();
                var pending = here.Where(t => t.Outcome == Outcome.Active).Sum(t => t.Count);
                var failed = here.Where(t => t.Outcome == Outcome.Failed).Sum(t => t.Count);
                var reasons = here.Where(t => t.Outcome == Outcome.Rejected).GroupBy(t => t.Reason)
                    .Select(group => (Reason: group.Key, Count: group.Sum(t => t.Count)))
                    .OrderByDescending(r => r.Count).ThenBy(r => r.Reason, StringComparer.Ordinal).ToList();
                var rejected = reasons.Sum(r => r.Count);
                var passed = reached - pending - rejected - failed;
                rows.Add(new FunnelRow(stage, kind, reached, pending, rejected, failed, passed, reasons));
                reached = passed;
            }
        }
    }

    /// <summary>Clips that a stage rejected.</summary>
    public long RejectedClips => Rows.Where(row => row.Kind == ItemKind.Clip).Sum(row => row.Rejected);

    /// <summary>Share of the known work that is done, 0 to 1: a video's way to its segmentation counts as much as its clips, and videos that are not segmented
    /// yet are expected to have as many clips as the others. It falls when more work is found than was expected.</summary>
    public double Progress
    {
        get
        {
            if (Videos == 0)
            {
                return 0;
            }

            var segmented = Rows.Where(row => row.Kind == ItemKind.Video).Sum(row => row.Rejected + row.Failed) + Rows.Last(row => row.Kind == ItemKind.Video).Passed;
            var clipStages = Rows.Where(row => row.Kind == ItemKind.Clip).ToList();
            var hops = clipStages.Sum(row => row.Passed) + clipStages.Select((row, i) => (row.Rejected + row.Failed) * (clipStages.Count - i)).Sum();
            var clips = Clips == 0 ? 1 : hops / (double)(Clips * clipStages.Count);
            var videos = segmented / (double)Videos;
            return (0.5 * videos) + (0.5 * videos * clips);
        }
    }
}
