using MedGenCluster.Engine.Generation;

namespace MedGenCluster.Engine.Training;

/// <summary>The model that a training run begins with.</summary>
/// <param name="Folder">Absolute.</param>
/// <param name="Fingerprint">Of its content (<see cref="ModelFingerprint"/>).</param>
/// <param name="Training">The run that it is a result or a checkpoint of, or null.</param>
public sealed record TrainingBase(string Folder, string Fingerprint, long? Training)
{
    /// <summary>The trainer's option that names it.</summary>
    public const string Option = "init_from";

    private const string Weights = "transformer.safetensors";

    /// <param name="trainings">Where it may come from.</param>
    /// <returns>The model, or why it is none, in a sentence that says what to do.</returns>
    public static (TrainingBase? Base, string? Error) Open(string folder, IReadOnlyList<TrainingRow> trainings)
    {
        var full = Path.GetFullPath(folder);
        if (!File.Exists(Path.Combine(full, Weights)))
        {
            return (null, $"--{Option} {full} has no {Weights}; give the model of a completed run (`medgen trainings` names them) or one of its checkpoints.");
        }

        try
        {
            return (new TrainingBase(full, ModelFingerprint.Of(full), Origin(full, trainings)), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, $"--{Option} {full} cannot be read: {exception.Message}");
        }
    }

    /// <summary>The run in whose folder a model, a checkpoint or LoRA weights lie.</summary>
    public static long? Origin(string folder, IReadOnlyList<TrainingRow> trainings)
    {
        var full = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        return trainings.FirstOrDefault(run => run.ModelPath is { } model && full.StartsWith(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(model)) + Path.DirectorySeparatorChar, StringComparison.Ordinal))?.Id;
    }

    /// <returns>Why the run may not begin with it any more, or null.</returns>
    public string? Changed() => Open(Folder, []) switch
    {
        ({ } now, _) when now.Fingerprint == Fingerprint => null,
        (null, { } error) => error,
        _ => $"{Folder} is not the model any more that the run was submitted with (it has another fingerprint).",
    };
}
