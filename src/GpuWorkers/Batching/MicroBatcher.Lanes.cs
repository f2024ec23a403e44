using MedGenCluster.Curation.Models;

namespace MedGenCluster.GpuWorkers.Batching;

/// <summary>Execution: one thread for each kernel takes batches that are ready.</summary>
public sealed partial class MicroBatcher
{
    private readonly Queue<Batch> _ready = new();
    private long _ranBatches;
    private long _ranItems;
    private long _ranTicks;
    private readonly SemaphoreSlim _readySignal = new(0);
    private readonly Lane[] _lanes;

    private sealed record Lane(ITensorKernel Kernel, Thread Thread, TaskCompletionSource Ended);

    /// <summary>Stops taking items. What was handed in is finished; what was only reserved fails when it is handed in.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_stopping)
            {
                _stopping = true;
                foreach (var renter in _renters)
                    renter.TrySetException(new ObjectDisposedException(nameof(MicroBatcher), StoppedException().Message));
                _renters.Clear();
                foreach (var batch in _batches)
                {
                    batch.StopTimer();
                    (batch.Closed, batch.OutOfPatience) = (true, true);
                    Schedule(batch);
                }
                _readySignal.Release(_lanes.Length);
            }
        }
        await Task.WhenAll(_lanes.Select(lane => lane.Ended.Task));
    }

    /// <summary>Queues a closed batch for a lane when it has rows to run and none to wait for.</summary>
    private void Schedule(Batch batch)
    {
        if (batch.Scheduled || !batch.Closed || batch.Waiting == 0 || (batch.Waiting < batch.Held && !batch.OutOfPatience))
            return;
        batch.Scheduled = true;
        _ready.Enqueue(batch);
        _readySignal.Release();
    }

    private Lane StartLane(ITensorKernel kernel, int index)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                RunLane(kernel);
                kernel.Dispose();
                ended.SetResult();
            }
            catch (Exception error)
            {
                ended.SetException(error);
            }
        })
        { IsBackground = true, Name = $"{_roleName} lane {index}" };
        thread.Start();
        return new Lane(kernel, thread, ended);
    }

    private void RunLane(ITensorKernel kernel)
    {
        var running = new List<BatchSlot>(_options.MaxBatch);
        while (true)
        {
            _readySignal.Wait();
            Batch batch;
            lock (_gate)
            {
                if (!_ready.TryDequeue(out batch!))
                {
                    if (_stopping)
                        return;
                    continue;
                }
                Collect(batch, running);
            }
            if (running.Count > 0)
                Execute(kernel, batch, running);
            lock (_gate)
            {
                batch.Scheduled = false;
                foreach (var slot in running)
                    Free(slot);
                if (running.Count == 0 && batch.Held == 0)
                    Recycle(batch);
                Schedule(batch);
            }
            foreach (var slot in running)
                slot.Publish();
            running.Clear();
        }
    }

    private static void Collect(Batch batch, List<BatchSlot> running)
    {
        foreach (var slot in batch.Holders)
        {
            if (slot?.State != SlotState.Waiting)
                continue;
            slot.State = SlotState.Running;
            running.Add(slot);
        }
        batch.Waiting = 0;
    }

    private void Execute(ITensorKernel kernel, Batch batch, List<BatchSlot> running)
    {
        // Rows of others inside the range, and padding, are computed too and their results dropped.
        var first = running[0].Row;
        var rows = Math.Max(running[^1].Row + 1 - first, _minimumRows);
        first = Math.Min(first, _options.MaxBatch - rows);
        var started = _time.GetTimestamp();
        try
        {
            var output = batch.Output.AsMemory(first * _outputLength, rows * _outputLength);
            kernel.Run(batch.Input.AsMemory(first * _inputLength, rows * _inputLength), rows, output);
            foreach (var slot in running)
                slot.Settle(batch.Output.AsSpan(slot.Row * _outputLength, _outputLength).ToArray(), null);
        }
        catch (Exception error)
        {
            if (rows == 1)
                Fail(running[0], error);
            else
                ExecuteOneByOne(kernel, batch, running);
        }
        Interlocked.Increment(ref _ranBatches);
        Interlocked.Add(ref _ranItems, running.Count);
        Interlocked.Add(ref _ranTicks, _time.GetElapsedTime(started).Ticks);
        ModelInstruments.BatchSize.Record(running.Count, _role);
        ModelInstruments.BusySeconds.Add(_time.GetElapsedTime(started).TotalSeconds, _role);
    }

    /// <summary>After a failure: each item alone among zero rows, so that a bad item fails alone.</summary>
    private void ExecuteOneByOne(ITensorKernel kernel, Batch batch, List<BatchSlot> running)
    {
        var input = GC.AllocateArray<float>(_minimumRows * _inputLength, pinned: true);
        var output = GC.AllocateArray<float>(_minimumRows * _outputLength, pinned: true);
        foreach (var slot in running)
        {
            try
            {
                batch.Input.AsSpan(slot.Row * _inputLength, _inputLength).CopyTo(input);
                kernel.Run(input, _minimumRows, output);
                slot.Settle(output.AsSpan(0, _outputLength).ToArray(), null);
            }
            catch (Exception error)
            {
                Fail(slot, error);
            }
        }
    }

    private void Fail(BatchSlot slot, Exception error)
    {
        ModelInstruments.FailedItems.Add(1, _role);
        slot.Settle(null, error as ModelException ?? new ModelException($"{_roleName} ({Version}): the execution failed: {error.Message}", error));
    }
}
