namespace MedGenCluster.GpuWorkers.Trainer;

/// <summary>Where the trainer is and how long it is waited for.</summary>
public sealed record TrainerOptions
{
    /// <summary>Folder of the Python package <c>t2v</c>; programs run in it.</summary>
    public required string Folder { get; init; }

    /// <summary>The Python interpreter: a program's name or path.</summary>
    public string Python { get; init; } = "python3";

    /// <summary>How long a model may take to load.</summary>
    public TimeSpan LoadLimit { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long one video may take. A sampler that takes longer is killed.</summary>
    public TimeSpan ItemLimit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a program that is asked to stop may take for the step in hand and its checkpoint before it is killed.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>All that is wrong, each in a sentence.</summary>
    public IReadOnlyList<string> Validate() =>
        Directory.Exists(Path.Combine(Folder, "t2v")) ? [] : [$"there is no trainer in {Folder} (a folder with the Python package t2v); name it with --trainer."];
}
