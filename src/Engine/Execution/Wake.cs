namespace MedGenCluster.Engine.Execution;

/// <summary>Wakes whoever waits, and remembers one call when nobody does.</summary>
public sealed class Wake
{
    private TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Take this before looking for work, wait for it after finding none: a call in between is not missed.</summary>
    public Task Next => Volatile.Read(ref _signal).Task;

    public void Signal() => Interlocked.Exchange(ref _signal, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
