namespace MedGenCluster.Curation.Lifecycle;

/// <summary>Where a training run stands. Numbers are stored: append only.</summary>
public enum TrainingPhase
{
    /// <summary>For a worker with a GPU.</summary>
    Waiting = 0,
    Running = 1,

    /// <summary>Cancelled; its worker is writing a last checkpoint.</summary>
    Stopping = 2,
    Completed = 3,
    Cancelled = 4,
    Failed = 5,
}

/// <summary>A checkpoint in the media store.</summary>
/// <param name="Step">Optimiser steps behind it.</param>
public sealed record TrainingCheckpoint(long Step, string Sha256);

/// <summary>State of a training run.</summary>
/// <param name="Attempts">Attempts that ended badly since a checkpoint was last reached.</param>
/// <param name="Checkpoint">The last good one; the next attempt begins there.</param>
/// <param name="Operation">Id of the worker's attempt; null while nobody works on it.</param>
/// <param name="Until">When the worker is lost unless it is heard of.</param>
/// <param name="NotBefore">No attempt before this, after one that ended badly.</param>
/// <param name="Reason">Why the last attempt ended.</param>
public sealed record TrainingLife(
    TrainingPhase Phase, int Attempts, TrainingCheckpoint? Checkpoint, string? Operation, DateTimeOffset Until, DateTimeOffset NotBefore, string? Reason)
{
    public bool IsTerminal => Phase is TrainingPhase.Completed or TrainingPhase.Cancelled or TrainingPhase.Failed;

    public static TrainingLife Start() => new(TrainingPhase.Waiting, 0, null, null, default, DateTimeOffset.MinValue, null);
}

/// <summary>What happens to a training run.</summary>
public abstract record TrainingEvent
{
    private TrainingEvent()
    {
    }

    /// <summary>A worker takes it.</summary>
    public sealed record Claimed(string Operation, DateTimeOffset Until) : TrainingEvent;

    /// <summary>The worker lives and goes on.</summary>
    public sealed record Progressed(string Operation, DateTimeOffset Until) : TrainingEvent;

    public sealed record Checkpointed(string Operation, TrainingCheckpoint Checkpoint, DateTimeOffset Until) : TrainingEvent;

    /// <summary>The last step is done; its checkpoint is the result.</summary>
    public sealed record Finished(string Operation) : TrainingEvent;

    /// <param name="Retryable">False where another attempt would end the same way: a loss that is not a number, arguments that do not fit.</param>
    public sealed record Crashed(string Operation, string Reason, bool Retryable) : TrainingEvent;

    /// <summary>The worker has stopped because it was to, or because its silo goes; nothing is held against that.</summary>
    public sealed record Stopped(string Operation) : TrainingEvent;

    /// <summary>Time has passed.</summary>
    public sealed record Looked : TrainingEvent;

    /// <summary>Whoever kept the lease was away and could not hear of the worker.</summary>
    public sealed record Recovered(DateTimeOffset Until) : TrainingEvent;

    public sealed record CancelRequested : TrainingEvent;

    /// <summary>A person takes a run that failed or was cancelled up again.</summary>
    public sealed record ResumeRequested : TrainingEvent;
}

/// <param name="Taken">False when the event does not concern the state.</param>
/// <param name="Remember">True where the new state must be stored before anyone is told.</param>
public readonly record struct TrainingTransition(TrainingLife Life, bool Taken, bool Remember);

/// <summary>The life of a training run as a pure decision table. A run goes on from its last checkpoint; an attempt that reached one is not counted against it, so that a long run on
/// machines that come and go ends, and one that falls at the same place every time does not go on for ever.</summary>
public static class TrainingLifecycle
{
    /// <summary>A worker that has been silent until <paramref name="now"/> is lost before the event is looked at.</summary>
    public static TrainingTransition Apply(TrainingLife before, TrainingEvent happened, RetryPolicy retry, DateTimeOffset now)
    {
        var lost = happened is not TrainingEvent.Recovered && before.Operation is not null && now >= before.Until;
        var life = lost ? End(before, "Its worker was lost.", retryable: true, retry, now) : before;
        var mine = life.Operation is { } operation && Operation(happened) == operation;
        TrainingTransition To(TrainingLife next) => new(next, true, true);
        return (life.Phase, happened) switch
        {
            (TrainingPhase.Waiting, TrainingEvent.Claimed e) when now >= life.NotBefore => To(life with { Phase = TrainingPhase.Running, Operation = e.Operation, Until = e.Until }),
            (TrainingPhase.Running, TrainingEvent.Claimed) when mine => new(life, true, lost),
            (TrainingPhase.Running or TrainingPhase.Stopping, TrainingEvent.Progressed e) when mine => new(life with { Until = e.Until }, true, lost),
            (TrainingPhase.Running or TrainingPhase.Stopping, TrainingEvent.Checkpointed e) when mine && e.Checkpoint.Step > (life.Checkpoint?.Step ?? -1) =>
                To(life with { Checkpoint = e.Checkpoint, Attempts = 0, Reason = null, Until = e.Until }),
            (TrainingPhase.Running or TrainingPhase.Stopping, TrainingEvent.Checkpointed e) when mine => new(life with { Until = e.Until }, true, lost),
            (TrainingPhase.Running or TrainingPhase.Stopping, TrainingEvent.Finished) when mine => To(life with { Phase = TrainingPhase.Completed, Operation = null, Reason = null }),
            (TrainingPhase.Running or TrainingPhase.Stopping, TrainingEvent.Crashed e) when mine => To(End(life, e.Reason, e.Retryable, retry, now)),
            (TrainingPhase.Running, TrainingEvent.Stopped) when mine => To(life with { Phase = TrainingPhase.Waiting, Operation = null }),
            (TrainingPhase.Stopping, TrainingEvent.Stopped) when mine => To(life with { Phase = TrainingPhase.Cancelled, Operation = null }),
            (TrainingPhase.Running or TrainingPhase.Stopping, TrainingEvent.Recovered e) => new(life with { Until = e.Until }, true, false),
            (TrainingPhase.Waiting, TrainingEvent.CancelRequested) => To(life with { Phase = TrainingPhase.Cancelled }),
            (TrainingPhase.Running, TrainingEvent.CancelRequested) => To(life with { Phase = TrainingPhase.Stopping }),
            (TrainingPhase.Failed or TrainingPhase.Cancelled, TrainingEvent.ResumeRequested) =>
                To(life with { Phase = TrainingPhase.Waiting, Attempts = 0, NotBefore = DateTimeOffset.MinValue, Reason = null }),
            _ => new(life, false, lost),
        };
    }

    private static TrainingLife End(TrainingLife life, string reason, bool retryable, RetryPolicy retry, DateTimeOffset now)
    {
        var attempts = life.Attempts + 1;
        var ended = life with { Attempts = attempts, Operation = null, Reason = reason };
        return life.Phase == TrainingPhase.Stopping
            ? ended with { Phase = TrainingPhase.Cancelled }
            : retryable && attempts < retry.MaxAttempts
                ? ended with { Phase = TrainingPhase.Waiting, NotBefore = now + retry.DelayAfter(attempts, "training") }
                : ended with { Phase = TrainingPhase.Failed };
    }

    private static string? Operation(TrainingEvent happened) => happened switch
    {
        TrainingEvent.Claimed e => e.Operation,
        TrainingEvent.Progressed e => e.Operation,
        TrainingEvent.Checkpointed e => e.Operation,
        TrainingEvent.Finished e => e.Operation,
        TrainingEvent.Crashed e => e.Operation,
        TrainingEvent.Stopped e => e.Operation,
        _ => null,
    };
}
