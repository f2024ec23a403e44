using MedGenCluster.Curation.Models;

namespace MedGenCluster.GpuWorkers.Batching;

internal enum SlotState
{
    Reserved,
    Waiting,
    Running,
    Finished,
}

/// <summary>A row of a batch, lent to one caller.</summary>
internal sealed class BatchSlot(MicroBatcher batcher, Batch batch) : ITensorSlot
{
    private readonly TaskCompletionSource<float[]> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private float[]? _output;
    private Exception? _error;

    public Batch Batch { get; } = batch;

    public int Row { get; set; } = -1;

    public SlotState State { get; set; }

    public Span<float> Input => State == SlotState.Reserved
        ? batcher.InputOf(this).Span
        : throw new ObjectDisposedException(nameof(ITensorSlot), "The slot was handed in or given back; its row belongs to the batch.");

    public ValueTask<float[]> RunAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            Dispose();
            return ValueTask.FromCanceled<float[]>(cancellationToken);
        }
        batcher.HandIn(this);
        return cancellationToken.CanBeCanceled ? WaitAsync(cancellationToken) : new ValueTask<float[]>(_result.Task);
    }

    /// <summary>Gives the row back if it was never handed in; otherwise does nothing.</summary>
    public void Dispose() => batcher.GiveBack(this, SlotState.Reserved);

    /// <summary>Keeps the outcome until <see cref="Publish"/>, so that the row is free again before its caller goes on.</summary>
    public void Settle(float[]? output, Exception? error) => (_output, _error) = (output, error);

    public void Publish()
    {
        if (_error is null)
            _result.TrySetResult(_output!);
        else
            _result.TrySetException(_error);
    }

    private async ValueTask<float[]> WaitAsync(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var slot = (BatchSlot)state!;
                // A row that already runs is finished by the run; its result is dropped.
                slot.Withdraw();
                slot._result.TrySetCanceled(token);
            }, this);
        return await _result.Task;
    }

    private void Withdraw() => batcher.GiveBack(this, SlotState.Waiting);
}
