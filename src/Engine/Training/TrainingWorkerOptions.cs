namespace MedGenCluster.Engine.Training;

/// <summary>How a worker runs trainings.</summary>
public sealed record TrainingWorkerOptions
{
    /// <summary>Folder that holds one for each run.</summary>
    public required string Root { get; init; }

    /// <summary>How long a run stays a worker's that is not heard of.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a worker is heard of, and looks whether the run was cancelled.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Steps are remembered together, at most so long after they came.</summary>
    public TimeSpan FlushPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a trainer may say nothing before it is taken for hung.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long the worker waits before it looks again where nothing is due and nobody wakes it.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);
}
