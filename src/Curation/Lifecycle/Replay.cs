using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Curation.Lifecycle;

/// <summary>One decision that a replay made.</summary>
public sealed record ReplayedDecision(StageId Stage, Verdict Verdict, string ModelVersion);

/// <summary>Decides an entity anew from its stored measurements: the state that it would have reached had the options always been these. Where a
/// measurement is missing the entity becomes active at that stage and the engine measures it.</summary>
public static class Replay
{
    /// <param name="decide">The pure decision of a stage.</param>
    public static (LifeState State, IReadOnlyList<ReplayedDecision> Decisions) Clip(
        StageOrder order, IMeasurements measurements, Func<StageId, IMeasurements, Verdict> decide) =>
        Run(ClipLifecycle.Start(order), measurements, decide, (state, e) => ClipLifecycle.Apply(state, e, order, RetryPolicy.Default).State);

    /// <inheritdoc cref="Clip"/>
    public static (LifeState State, IReadOnlyList<ReplayedDecision> Decisions) Video(
        IMeasurements measurements, Func<StageId, IMeasurements, Verdict> decide) =>
        Run(VideoLifecycle.Start(), measurements, decide, (state, e) => VideoLifecycle.Apply(state, e, RetryPolicy.Default).State);

    private static (LifeState, IReadOnlyList<ReplayedDecision>) Run(
        LifeState state, IMeasurements measurements, Func<StageId, IMeasurements, Verdict> decide, Func<LifeState, LifeEvent, LifeState> apply)
    {
        var decisions = new List<ReplayedDecision>();
        while (state.Outcome == Outcome.Active && measurements[state.Stage] is { } measurement)
        {
            var verdict = decide(state.Stage, measurements);
            decisions.Add(new ReplayedDecision(state.Stage, verdict, measurement.ModelVersion));
            state = apply(state, LifeEvent.Of(state.Stage, verdict));
        }

        return (state, decisions);
    }
}
