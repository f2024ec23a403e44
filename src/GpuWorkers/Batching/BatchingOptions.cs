namespace MedGenCluster.GpuWorkers.Batching;

/// <summary>How items of one model are gathered into batches.</summary>
public sealed record BatchingOptions
{
    /// <summary>Most items of a batch.</summary>
    public int MaxBatch { get; init; } = 16;

    /// <summary>Batches that may be gathering or waiting beside those that run; bounds the queue to this times <see cref="MaxBatch"/> items.</summary>
    public int QueuedBatches { get; init; } = 2;

    /// <summary>How long the first item that was handed in waits for company.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a closed batch waits for places that are reserved but not yet handed in. After that it runs without them,
    /// and they run on their own when they come.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Pads small batches to a size from which an item's result is the same bits whatever batch it travels in
    /// (<see cref="Inference.InferenceRuntime.StableRows"/>).</summary>
    public bool Deterministic { get; init; } = true;

    /// <summary>All errors of these options at once; empty when they are usable.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (MaxBatch is < 1 or > 4096)
            errors.Add($"Batching.MaxBatch is {MaxBatch}; it must be between 1 and 4096.");
        if (QueuedBatches is < 1 or > 1024)
            errors.Add($"Batching.QueuedBatches is {QueuedBatches}; it must be between 1 and 1024.");
        if (Linger < TimeSpan.Zero || Linger > TimeSpan.FromMinutes(1))
            errors.Add($"Batching.Linger is {Linger}; it must be between 0 and 1 minute.");
        if (Patience < TimeSpan.Zero || Patience > TimeSpan.FromMinutes(10))
            errors.Add($"Batching.Patience is {Patience}; it must be between 0 and 10 minutes.");
        return errors;
    }
}
