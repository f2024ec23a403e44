using FsCheck.Fluent;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;

namespace MedGenCluster.Curation.Tests.Lifecycle;

/// <summary>The whole decision table of a video, and the laws that engines rely on.</summary>
public sealed class VideoLifecycleTests
{
    private static readonly RetryPolicy Twice = RetryPolicy.Default with { MaxAttempts = 2 };
    private static readonly StageId[] Stages = [StageId.Screen, StageId.Fetch, StageId.Probe, StageId.Segment];

    [Fact]
    public void A_video_is_screened_fetched_probed_and_segmented() => Assert.Equal(Stages, StageOrder.Video.Stages);

    [Fact]
    public void Every_state_and_event_follows_the_table()
    {
        foreach (var outcome in Enum.GetValues<Outcome>())
        {
            foreach (var stage in Stages)
            {
                for (var attempts = 0; attempts < 2; attempts++)
                {
                    foreach (var happened in LifeGenerators.Events)
                    {
                        var state = new LifeState(outcome, stage, attempts);
                        var actual = VideoLifecycle.Apply(state, happened, Twice);
                        var expected = Expected(state, happened);
                        Assert.Equal((expected.State, expected.Changed), (actual.State, actual.Changed));
                        Assert.Equal(expected.Effects, actual.Effects);
                    }
                }
            }
        }
    }

    [Fact]
    public void No_sequence_of_events_leaves_the_table() => LifeGenerators.Holds(
        Gen.OneOf(LifeGenerators.EventSequences, LifeGenerators.PlausibleSequences(Stages)),
        events => Walk(events).All(step => step.After.State.Outcome != Outcome.Accepted && Stages.Contains(step.After.State.Stage) && step.After.State.Attempts is >= 0 and <= 2));

    [Fact]
    public void What_is_settled_stays_settled_until_somebody_reopens_it() => LifeGenerators.Holds(
        LifeGenerators.PlausibleSequences(Stages),
        events => Walk(events).All(step => !step.Before.IsTerminal || !step.After.Changed
            || (step.Before.Outcome == Outcome.Failed && step.Happened is LifeEvent.RetryRequested)
            || (step.Before.Outcome == Outcome.Done && step.Happened is LifeEvent.ClipReopened)));

    [Fact]
    public void An_event_that_is_replayed_does_nothing() => LifeGenerators.Holds(
        LifeGenerators.PlausibleSequences(Stages),
        events => Walk(events).Where(step => step.After.Changed && !step.After.Effects.Contains(Effect.RunStageLater)).All(step =>
        {
            var again = VideoLifecycle.Apply(step.After.State, step.Happened, Twice);
            return !again.Changed && again.State == step.After.State && again.Effects.Count == 0;
        }));

    [Fact]
    public void Effects_match_the_states() => LifeGenerators.Holds(
        Gen.OneOf(LifeGenerators.EventSequences, LifeGenerators.PlausibleSequences(Stages)),
        events => Walk(events).All(step =>
        {
            var (before, after) = (step.Before, step.After);
            return after.Effects.Contains(Effect.TellJob) == (!before.IsTerminal && after.State.IsTerminal)
                && after.Effects.Contains(Effect.StartClips) == (before.Outcome == Outcome.Active && after.State.Outcome == Outcome.AwaitingClips)
                && !after.Effects.Contains(Effect.TellVideo)
                && after.Changed == (before != after.State);
        }));

    private static Transition Expected(LifeState state, LifeEvent happened)
    {
        var mine = LifeGenerators.StageOf(happened) == state.Stage;
        return (state.Outcome, happened) switch
        {
            (Outcome.Active, LifeEvent.Passed) when mine && state.Stage == StageId.Screen => Transition.To(LifeState.At(StageId.Fetch), Effect.RunStage),
            (Outcome.Active, LifeEvent.Passed) when mine && state.Stage == StageId.Fetch => Transition.To(LifeState.At(StageId.Probe), Effect.RunStage),
            (Outcome.Active, LifeEvent.Passed) when mine && state.Stage == StageId.Probe => Transition.To(LifeState.At(StageId.Segment), Effect.RunStage),
            (Outcome.Active, LifeEvent.Passed) when mine => Transition.To(new LifeState(Outcome.AwaitingClips, StageId.Segment), Effect.StartClips),
            (Outcome.Active, LifeEvent.Rejected) when mine => Transition.To(new LifeState(Outcome.Rejected, state.Stage, 0, "too-dark", 0.25), Effect.TellJob),
            (Outcome.Active, LifeEvent.Failed { Retryable: true }) when mine && state.Attempts == 0 =>
                Transition.To(new LifeState(Outcome.Active, state.Stage, 1, "the tool died"), Effect.RunStageLater),
            (Outcome.Active, LifeEvent.Failed e) when mine => Transition.To(new LifeState(Outcome.Failed, state.Stage, state.Attempts + 1, e.Reason), Effect.TellJob),
            (Outcome.AwaitingClips, LifeEvent.ClipsSettled) => Transition.To(new LifeState(Outcome.Done, state.Stage), Effect.TellJob),
            (Outcome.Done, LifeEvent.ClipReopened) => Transition.To(new LifeState(Outcome.AwaitingClips, state.Stage)),
            (Outcome.Failed, LifeEvent.RetryRequested) => Transition.To(LifeState.At(state.Stage), Effect.RunStage),
            _ => Transition.None(state),
        };
    }

    private static IEnumerable<(LifeState Before, LifeEvent Happened, Transition After)> Walk(LifeEvent[] events)
    {
        var state = VideoLifecycle.Start();
        foreach (var happened in events)
        {
            var after = VideoLifecycle.Apply(state, happened, Twice);
            yield return (state, happened, after);
            state = after.State;
        }
    }
}
