using MedGenCluster.Curation.Models;

namespace MedGenCluster.GpuWorkers.Batching;

/// <summary>Gathers items of concurrent callers into batches over one or several kernels (one for each device) of one model.
/// The life of a batch is in README.md beside this file; execution is in <c>MicroBatcher.Lanes.cs</c>.</summary>
public sealed partial class MicroBatcher : ITensorModel, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly BatchingOptions _options;
    private readonly TimeProvider _time;
    private readonly KeyValuePair<string, object?> _role;
    private readonly string _roleName;
    private readonly int _inputLength;
    private readonly int _outputLength;
    private readonly int _minimumRows;
    private readonly int _maxBatches;
    private readonly List<Batch> _batches = [];
    private readonly Stack<Batch> _free = new();
    private readonly LinkedList<TaskCompletionSource<ITensorSlot>> _renters = new();
    private Batch? _open;
    private int _held;
    private bool _stopping;

    /// <param name="role">Role of the model, for messages and metrics.</param>
    /// <param name="kernels">At least one; each gets a thread of its own. Disposed with the batcher.</param>
    /// <param name="minimumRows">Rows that a run has at least; shorter batches are padded with rows whose results are dropped.</param>
    public MicroBatcher(
        string role, string version, bool isDemo, IReadOnlyList<ITensorKernel> kernels, BatchingOptions options, TimeProvider time, int minimumRows = 1)
    {
        if (options.Validate() is { Count: > 0 } errors)
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        ArgumentOutOfRangeException.ThrowIfZero(kernels.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minimumRows, options.MaxBatch);
        _options = options;
        _time = time;
        _roleName = role;
        _role = new("role", role);
        _minimumRows = minimumRows;
        _maxBatches = options.QueuedBatches + kernels.Count;
        Version = version;
        IsDemo = isDemo;
        ItemShape = kernels[0].ItemShape;
        _inputLength = ItemShape.Aggregate(1, (product, axis) => product * axis);
        _outputLength = kernels[0].OutputLength;
        _lanes = [.. kernels.Select(StartLane)];
    }

    public string Version { get; }

    public bool IsDemo { get; }

    public IReadOnlyList<int> ItemShape { get; }

    public BatchingOptions Options => _options;

    /// <summary>Places that are reserved, waiting or running.</summary>
    public int QueueDepth => Volatile.Read(ref _held);

    /// <summary>What the model has done since it was loaded.</summary>
    public LaneStatus Status => new(
        _roleName, Version, IsDemo, _lanes.Length, _options.MaxBatch, Volatile.Read(ref _ranBatches), Volatile.Read(ref _ranItems), TimeSpan.FromTicks(Volatile.Read(ref _ranTicks)), QueueDepth);

    public ITensorSlot? TryRent()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            // Those who already wait come first.
            return _renters.Count > 0 ? null : Take();
        }
    }

    public ValueTask<ITensorSlot> RentAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource<ITensorSlot> renter;
        LinkedListNode<TaskCompletionSource<ITensorSlot>> node;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            if (_renters.Count == 0 && Take() is { } slot)
                return ValueTask.FromResult<ITensorSlot>(slot);
            renter = new TaskCompletionSource<ITensorSlot>(TaskCreationOptions.RunContinuationsAsynchronously);
            node = _renters.AddLast(renter);
        }
        return cancellationToken.CanBeCanceled ? Wait() : new ValueTask<ITensorSlot>(renter.Task);

        async ValueTask<ITensorSlot> Wait()
        {
            using var registration = cancellationToken.UnsafeRegister(
                (_, token) =>
                {
                    lock (_gate)
                    {
                        if (node.List is not null)
                            _renters.Remove(node);
                    }
                    renter.TrySetCanceled(token);
                }, null);
            return await renter.Task;
        }
    }

    internal Memory<float> InputOf(BatchSlot slot) => slot.Batch.Input.AsMemory(slot.Row * _inputLength, _inputLength);

    internal void HandIn(BatchSlot slot)
    {
        lock (_gate)
        {
            if (slot.State != SlotState.Reserved)
                throw new InvalidOperationException("A slot is run once, and not after it was given back.");
            if (_stopping)
            {
                Free(slot);
                throw StoppedException();
            }
            slot.State = SlotState.Waiting;
            var batch = slot.Batch;
            if (++batch.Waiting == 1 && !batch.Closed)
                StartTimer(batch, _options.Linger, static (batcher, due) => batcher.Close(due));
            Schedule(batch);
        }
    }

    /// <summary>Frees the slot's row if the slot is in <paramref name="expected"/> state.</summary>
    internal void GiveBack(BatchSlot slot, SlotState expected)
    {
        lock (_gate)
        {
            if (slot.State != expected)
                return;
            if (expected == SlotState.Waiting)
                slot.Batch.Waiting--;
            Free(slot);
            Schedule(slot.Batch);
        }
    }

    /// <summary>A row of the batch that is gathering, or null where every batch is in use.</summary>
    private BatchSlot? Take()
    {
        if (_open is null)
        {
            if (!_free.TryPop(out var batch))
            {
                if (_batches.Count == _maxBatches)
                    return null;
                batch = new Batch(_options.MaxBatch, _inputLength, _outputLength);
                _batches.Add(batch);
            }
            _open = batch;
        }
        var slot = new BatchSlot(this, _open);
        _open.Take(slot);
        _held++;
        ModelInstruments.QueueDepth.Add(1, _role);
        if (!_open.HasRoom)
            Close(_open);
        return slot;
    }

    /// <summary>Ends the slot: its row is free, and the batch too if it was the last row.</summary>
    private void Free(BatchSlot slot)
    {
        var batch = slot.Batch;
        slot.State = SlotState.Finished;
        batch.Release(slot);
        _held--;
        ModelInstruments.QueueDepth.Add(-1, _role);
        if (batch.Held == 0 && !batch.Scheduled)
            Recycle(batch);
        ServeRenters();
    }

    private void Recycle(Batch batch)
    {
        batch.Reset();
        if (batch != _open)
            _free.Push(batch);
    }

    private void ServeRenters()
    {
        while (!_stopping && _renters.First is { } first && Take() is { } slot)
        {
            _renters.Remove(first);
            // Refused only by a renter whose cancellation is about to remove it from the list.
            if (!first.Value.TrySetResult(slot))
                Free(slot);
        }
    }

    /// <summary>Gives out no further rows of the batch, and waits for the reserved ones for as long as patience lasts.</summary>
    private void Close(Batch batch)
    {
        batch.StopTimer();
        batch.Closed = true;
        if (_open == batch)
            _open = null;
        if (batch.Waiting < batch.Held)
            StartTimer(batch, _options.Patience, static (batcher, due) =>
            {
                due.OutOfPatience = true;
                batcher.Schedule(due);
            });
        Schedule(batch);
    }

    private void StartTimer(Batch batch, TimeSpan due, Action<MicroBatcher, Batch> action)
    {
        batch.StopTimer();
        if (due <= TimeSpan.Zero)
        {
            action(this, batch);
            return;
        }
        ITimer? timer = null;
        timer = _time.CreateTimer(
            _ =>
            {
                lock (_gate)
                {
                    // A timer that was stopped while its call was under way has no say any more.
                    if (batch.Timer == timer && timer is not null)
                        action(this, batch);
                }
            }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        batch.Timer = timer;
        timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private ModelException StoppedException() => new($"{_roleName}: the model was shut down before the item ran.");
}
