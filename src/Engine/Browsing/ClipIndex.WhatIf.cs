using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Engine.Browsing;

/// <summary>What a re-decision under other options gives.</summary>
/// <param name="Unmeasured">Clips that would wait for a stage which has not measured them.</param>
/// <param name="RejectedByStage">Clips that would be rejected, by stage.</param>
/// <param name="Inside">Accepted clips nearest to the threshold that was asked about, nearest first.</param>
/// <param name="Outside">Clips that the threshold's stage would reject, nearest first.</param>
public sealed record WhatIfResult(
    long AcceptedNow, long Accepted, long Gained, long Lost, long Unmeasured, IReadOnlyDictionary<StageId, long> RejectedByStage, IReadOnlyList<long> Inside, IReadOnlyList<long> Outside);

public sealed partial class ClipIndex
{
    /// <summary>Decides clips anew from their features under other options of the clip stages; what a re-decision under the same options does, without doing it.</summary>
    /// <param name="options">Each job's options as they would be; jobs that are missing are left out.</param>
    /// <param name="edge">The threshold whose neighbours are wanted.</param>
    /// <param name="edges">Neighbours on each side.</param>
    public WhatIfResult WhatIf(IReadOnlyDictionary<long, CurationOptions> options, MovableThreshold? edge, int edges) => Read(columns =>
    {
        var (now, then, gained, lost, unmeasured) = (0L, 0L, 0L, 0L, 0L);
        var rejected = new long[32];
        var (inside, outside) = (new Least<(double, long)>(edges), new Least<(double, long)>(edges));
        var (job, of, order) = (long.MinValue, (CurationOptions?)null, StageOrder.Clip(StageOrderKind.Paper));
        for (var row = 0; row < columns.Count; row++)
        {
            if (columns.Jobs[row] != job)
            {
                job = columns.Jobs[row];
                of = options.GetValueOrDefault(job);
                order = StageOrder.Clip(of?.Order ?? StageOrderKind.Paper);
            }

            if (of is null || IsWithdrawn(columns, row))
            {
                continue;
            }

            var (wasOutcome, wasStage) = (columns.OutcomeAt(row), columns.StageAt(row));
            var (outcome, stage) = ClipRules.Decide(order, columns.FeaturesAt(row), of);
            var wasAccepted = wasOutcome == Outcome.Accepted;
            now += wasAccepted ? 1 : 0;
            switch (outcome)
            {
                case Outcome.Accepted:
                    then++;
                    gained += wasAccepted ? 0 : 1;
                    break;
                case Outcome.Rejected:
                    rejected[(int)stage]++;
                    break;
                default:
                    // What failed here, or waits here already, goes on doing so.
                    unmeasured += wasStage == stage && wasOutcome is Outcome.Failed or Outcome.Active ? 0 : 1;
                    break;
            }

            lost += wasAccepted && outcome != Outcome.Accepted ? 1 : 0;
            if (edge is not null && (outcome == Outcome.Accepted || (outcome == Outcome.Rejected && stage == edge.Stage)))
            {
                var distance = Math.Abs(columns.ScoreAt(row, edge.Score, of.TechnicalQuality.Fusion) - edge.Value(of));
                // A clip without the score is nowhere near.
                if (!double.IsNaN(distance))
                {
                    (outcome == Outcome.Accepted ? inside : outside).Offer(columns.Seqs[row], (distance, columns.Seqs[row]));
                }
            }
        }

        return new WhatIfResult(
            now, then, gained, lost, unmeasured, Enum.GetValues<StageId>().Where(stage => rejected[(int)stage] > 0).ToDictionary(stage => stage, stage => rejected[(int)stage]),
            [.. inside.Sorted().Select(clip => clip.Item)], [.. outside.Sorted().Select(clip => clip.Item)]);
    });
}
