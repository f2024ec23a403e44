using FsCheck.Fluent;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Curation.Tests.Lifecycle;

/// <summary>The whole decision table of a clip, and the laws that engines rely on.</summary>
public sealed class ClipLifecycleTests
{
    private static readonly RetryPolicy Twice = RetryPolicy.Default with { MaxAttempts = 2 };

    public static TheoryData<StageOrderKind> Orders => [.. LifeGenerators.Orders];

    [Fact]
    public void The_orders_are_those_of_the_paper_and_of_thrift()
    {
        Assert.Equal(
            [StageId.Cut, StageId.Caption, StageId.Borders, StageId.Subtitles, StageId.Aesthetics, StageId.TechnicalQuality, StageId.Joint],
            StageOrder.Clip(StageOrderKind.Paper).Stages);
        Assert.Equal(
            [StageId.Cut, StageId.Borders, StageId.Subtitles, StageId.Aesthetics, StageId.TechnicalQuality, StageId.Joint, StageId.Caption],
            StageOrder.Clip(StageOrderKind.FilterFirst).Stages);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void An_active_clip_follows_the_table(StageOrderKind kind)
    {
        var order = StageOrder.Clip(kind);
        for (var at = 0; at < order.Stages.Count; at++)
        {
            var stage = order.Stages[at];
            for (var attempts = 0; attempts < 2; attempts++)
            {
                var state = LifeState.At(stage) with { Attempts = attempts };
                foreach (var happened in LifeGenerators.Events)
                {
                    var expected = LifeGenerators.StageOf(happened) != stage ? Transition.None(state) : happened switch
                    {
                        LifeEvent.Passed when at + 1 < order.Stages.Count => Transition.To(LifeState.At(order.Stages[at + 1]), Effect.RunStage),
                        LifeEvent.Passed => Transition.To(new LifeState(Outcome.Accepted, stage), Effect.TellVideo),
                        LifeEvent.Rejected => Transition.To(new LifeState(Outcome.Rejected, stage, 0, "too-dark", 0.25), Effect.TellVideo),
                        LifeEvent.Failed { Retryable: true } when attempts == 0 =>
                            Transition.To(new LifeState(Outcome.Active, stage, 1, "the tool died"), Effect.RunStageLater),
                        LifeEvent.Failed e => Transition.To(new LifeState(Outcome.Failed, stage, attempts + 1, e.Reason), Effect.TellVideo),
                        _ => throw new InvalidOperationException(happened.ToString()),
                    };
                    AssertSame(expected, ClipLifecycle.Apply(state, happened, order, Twice));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_settled_clip_answers_to_a_retry_of_a_failure_alone(StageOrderKind kind)
    {
        var order = StageOrder.Clip(kind);
        foreach (var outcome in Enum.GetValues<Outcome>().Where(outcome => outcome != Outcome.Active))
        {
            foreach (var stage in order.Stages)
            {
                var state = new LifeState(outcome, stage, 2, "why", 0.1);
                foreach (var happened in LifeGenerators.Events)
                {
                    var expected = outcome == Outcome.Failed && happened is LifeEvent.RetryRequested
                        ? Transition.To(LifeState.At(stage), Effect.RunStage)
                        : Transition.None(state);
                    AssertSame(expected, ClipLifecycle.Apply(state, happened, order, Twice));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void No_sequence_of_events_leaves_the_table(StageOrderKind kind)
    {
        var order = StageOrder.Clip(kind);
        LifeGenerators.Holds(
            Gen.OneOf(LifeGenerators.EventSequences, LifeGenerators.PlausibleSequences(order.Stages)),
            events => Walk(order, events).All(step =>
                step.After.State.Outcome is not (Outcome.AwaitingClips or Outcome.Done)
                && order.Contains(step.After.State.Stage)
                && step.After.State.Attempts is >= 0 and <= 2
                && (step.After.State.Outcome is Outcome.Rejected or Outcome.Failed) == (step.After.State.Reason is not null && step.After.State.IsTerminal)));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void What_is_settled_stays_settled(StageOrderKind kind) => LifeGenerators.Holds(
        LifeGenerators.PlausibleSequences(StageOrder.Clip(kind).Stages),
        events => Walk(StageOrder.Clip(kind), events).All(step =>
            !step.Before.IsTerminal || !step.After.Changed || (step.Before.Outcome == Outcome.Failed && step.Happened is LifeEvent.RetryRequested)));

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_verdict_that_is_replayed_does_nothing(StageOrderKind kind) => LifeGenerators.Holds(
        LifeGenerators.PlausibleSequences(StageOrder.Clip(kind).Stages),
        events => Walk(StageOrder.Clip(kind), events)
            // Failing again is another failure, not a replay; a result whose lease was lost never gets this far.
            .Where(step => step.After.Changed && !step.After.Effects.Contains(Effect.RunStageLater))
            .All(step =>
            {
                var again = ClipLifecycle.Apply(step.After.State, step.Happened, StageOrder.Clip(kind), Twice);
                return !again.Changed && again.State == step.After.State && again.Effects.Count == 0;
            }));

    [Theory]
    [MemberData(nameof(Orders))]
    public void Effects_match_the_states(StageOrderKind kind) => LifeGenerators.Holds(
        Gen.OneOf(LifeGenerators.EventSequences, LifeGenerators.PlausibleSequences(StageOrder.Clip(kind).Stages)),
        events => Walk(StageOrder.Clip(kind), events).All(step =>
        {
            var (before, after) = (step.Before, step.After);
            var becameTerminal = !before.IsTerminal && after.State.IsTerminal;
            var waits = after.Changed && after.State.Outcome == Outcome.Active && after.State.Attempts > 0;
            var runs = after.Changed && after.State.Outcome == Outcome.Active && after.State.Attempts == 0;
            return after.Effects.Contains(Effect.TellVideo) == becameTerminal
                && after.Effects.Contains(Effect.RunStageLater) == waits
                && after.Effects.Contains(Effect.RunStage) == runs
                && !after.Effects.Contains(Effect.StartClips)
                && !after.Effects.Contains(Effect.TellJob)
                && after.Effects.Count == (after.Changed ? 1 : 0)
                && after.Changed == (before != after.State);
        }));

    [Fact]
    public void Both_orders_accept_the_same_clips_whatever_the_verdicts()
    {
        var stages = StageOrder.Clip(StageOrderKind.Paper).Stages;
        for (var rejecting = 0; rejecting < 1 << stages.Count; rejecting++)
        {
            var states = LifeGenerators.Orders.Select(kind => Live(StageOrder.Clip(kind), stage => Bit(rejecting, stage))).ToList();

            Assert.All(states, state => Assert.Equal(rejecting == 0 ? Outcome.Accepted : Outcome.Rejected, state.Outcome));
        }

        Verdict Bit(int rejecting, StageId stage) => (rejecting >> stages.IndexOf(stage) & 1) == 1 ? Verdict.Reject("no") : Verdict.Pass();
    }

    internal static LifeState Live(StageOrder order, Func<StageId, Verdict> verdicts)
    {
        var state = ClipLifecycle.Start(order);
        while (!state.IsTerminal)
        {
            state = ClipLifecycle.Apply(state, LifeEvent.Of(state.Stage, verdicts(state.Stage)), order, RetryPolicy.Default).State;
        }

        return state;
    }

    private static IEnumerable<(LifeState Before, LifeEvent Happened, Transition After)> Walk(StageOrder order, LifeEvent[] events)
    {
        var state = ClipLifecycle.Start(order);
        foreach (var happened in events)
        {
            var after = ClipLifecycle.Apply(state, happened, order, Twice);
            yield return (state, happened, after);
            state = after.State;
        }
    }

    private static void AssertSame(Transition expected, Transition actual)
    {
        Assert.Equal(expected.State, actual.State);
        Assert.Equal(expected.Changed, actual.Changed);
        Assert.Equal(expected.Effects, actual.Effects);
    }
}

file static class ListExtensions
{
    public static int IndexOf<T>(this IReadOnlyList<T> list, T item) => list.Index().First(pair => Equals(pair.Item, item)).Index;
}
