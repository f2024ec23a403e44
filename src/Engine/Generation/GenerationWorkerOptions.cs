namespace MedGenCluster.Engine.Generation;

/// <summary>How a worker holds its items.</summary>
public sealed record GenerationWorkerOptions
{
    /// <summary>How long an item stays a worker's that is not heard of.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a worker is heard of.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Items that a worker has at once: the one that is sampled, and those that wait in the sampler so that it never does; 1 to 16.</summary>
    public int InFlight { get; init; } = 2;

    /// <summary>How long the worker waits before it looks again where nothing is due and nobody wakes it.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(5);
}
