using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Curation.Lifecycle;

/// <summary>The life of a clip as a pure decision table: state and event give the new state and the effects. Engines interpret the effects and hold no
/// rule of their own. An event that does not concern the state changes nothing, so replaying one is harmless.</summary>
public static class ClipLifecycle
{
    public static LifeState Start(StageOrder order) => LifeState.At(order.First);

    public static Transition Apply(LifeState state, LifeEvent happened, StageOrder order, RetryPolicy retry) => (state.Outcome, happened) switch
    {
        (Outcome.Active, LifeEvent.Passed e) when e.Stage == state.Stage => order.After(e.Stage) is { } next
            ? Transition.To(LifeState.At(next), Effect.RunStage)
            : Transition.To(new LifeState(Outcome.Accepted, e.Stage), Effect.TellVideo),
        (Outcome.Active, LifeEvent.Rejected e) when e.Stage == state.Stage =>
            Transition.To(new LifeState(Outcome.Rejected, e.Stage, 0, e.Reason, e.Score), Effect.TellVideo),
        (Outcome.Active, LifeEvent.Failed e) when e.Stage == state.Stage => StageFailure.Apply(state, e, retry, Effect.TellVideo),
        (Outcome.Failed, LifeEvent.RetryRequested) => Transition.To(LifeState.At(state.Stage), Effect.RunStage),
        _ => Transition.None(state),
    };
}

/// <summary>The life of a video; see <see cref="ClipLifecycle"/>.</summary>
public static class VideoLifecycle
{
    public static LifeState Start() => LifeState.At(StageOrder.Video.First);

    public static Transition Apply(LifeState state, LifeEvent happened, RetryPolicy retry) => (state.Outcome, happened) switch
    {
        (Outcome.Active, LifeEvent.Passed e) when e.Stage == state.Stage => StageOrder.Video.After(e.Stage) is { } next
            ? Transition.To(LifeState.At(next), Effect.RunStage)
            : Transition.To(new LifeState(Outcome.AwaitingClips, e.Stage), Effect.StartClips),
        (Outcome.Active, LifeEvent.Rejected e) when e.Stage == state.Stage =>
            Transition.To(new LifeState(Outcome.Rejected, e.Stage, 0, e.Reason, e.Score), Effect.TellJob),
        (Outcome.Active, LifeEvent.Failed e) when e.Stage == state.Stage => StageFailure.Apply(state, e, retry, Effect.TellJob),
        (Outcome.AwaitingClips, LifeEvent.ClipsSettled) => Transition.To(new LifeState(Outcome.Done, state.Stage), Effect.TellJob),
        (Outcome.Done, LifeEvent.ClipReopened) => Transition.To(new LifeState(Outcome.AwaitingClips, state.Stage)),
        (Outcome.Failed, LifeEvent.RetryRequested) => Transition.To(LifeState.At(state.Stage), Effect.RunStage),
        _ => Transition.None(state),
    };
}

internal static class StageFailure
{
    /// <summary>Another attempt while the policy allows one, else the dead-letter list.</summary>
    public static Transition Apply(LifeState state, LifeEvent.Failed failed, RetryPolicy retry, Effect settled)
    {
        var attempts = state.Attempts + 1;
        return failed.Retryable && attempts < retry.MaxAttempts
            ? Transition.To(state with { Attempts = attempts, Reason = failed.Reason }, Effect.RunStageLater)
            : Transition.To(new LifeState(Outcome.Failed, state.Stage, attempts, failed.Reason), settled);
    }
}
