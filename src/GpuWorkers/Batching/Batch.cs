namespace MedGenCluster.GpuWorkers.Batching;

/// <summary>A batch that is gathered, waits and runs: its tensors and who holds which row. Guarded by the batcher's lock, but for the
/// tensors' contents. The tensors are pinned and reused, so that native code reads what callers wrote.</summary>
internal sealed class Batch(int capacity, int inputLength, int outputLength)
{
    private readonly Stack<int> _freeRows = new(Enumerable.Range(0, capacity).Reverse());

    public float[] Input { get; } = GC.AllocateArray<float>(checked(capacity * inputLength), pinned: true);

    public float[] Output { get; } = GC.AllocateArray<float>(checked(capacity * outputLength), pinned: true);

    /// <summary>Who holds a row; null where the row is free.</summary>
    public BatchSlot?[] Holders { get; } = new BatchSlot?[capacity];

    /// <summary>Rows that are held.</summary>
    public int Held { get; private set; }

    /// <summary>Rows that are handed in and wait to run.</summary>
    public int Waiting { get; set; }

    public bool HasRoom => _freeRows.Count > 0;

    /// <summary>No further rows are given out.</summary>
    public bool Closed { get; set; }

    /// <summary>Rows that are held but not handed in are no longer waited for.</summary>
    public bool OutOfPatience { get; set; }

    /// <summary>In the queue of batches to run, or running.</summary>
    public bool Scheduled { get; set; }

    public ITimer? Timer { get; set; }

    public void Take(BatchSlot slot)
    {
        slot.Row = _freeRows.Pop();
        Holders[slot.Row] = slot;
        Held++;
    }

    public void Release(BatchSlot slot)
    {
        Holders[slot.Row] = null;
        _freeRows.Push(slot.Row);
        Held--;
    }

    /// <summary>Makes the batch ready to gather again.</summary>
    public void Reset()
    {
        StopTimer();
        (Closed, OutOfPatience, Scheduled, Waiting) = (false, false, false, 0);
        // Low rows first, so that a partly filled batch is one short range.
        _freeRows.Clear();
        for (var row = Holders.Length - 1; row >= 0; row--)
            _freeRows.Push(row);
    }

    public void StopTimer()
    {
        Timer?.Dispose();
        Timer = null;
    }
}
