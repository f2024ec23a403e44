using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;

namespace MedGenCluster.Engine.Training;

/// <summary>What a training run is asked to do, and what it is of: its lineage.</summary>
/// <param name="Dataset">Folder of an export with the trainer's list, absolute.</param>
/// <param name="DatasetSha256">Digest of that list, 64 hexadecimal digits: which clips the model has seen.</param>
/// <param name="Prepare">Options of the preparation by their names, without dashes.</param>
/// <param name="Train">Options of the training by their names (the paper's Table 5), without dashes; a switch has the value "true".</param>
/// <param name="ValidationPrompts">Sampled during the training; empty for none.</param>
/// <param name="Processes">Training processes, 1 or more; torchrun starts them where there are several.</param>
/// <param name="HostVersion">Of the program that took the run.</param>
/// <param name="Base">The model that it begins with; null where it begins with none.</param>
public sealed record TrainingSettings(
    string Dataset, string DatasetSha256, IReadOnlyDictionary<string, string> Prepare, IReadOnlyDictionary<string, string> Train,
    IReadOnlyList<string> ValidationPrompts, int Processes, string HostVersion, TrainingBase? Base = null);

/// <summary>A training run as the ledger holds it.</summary>
/// <param name="Kind">What kind of error ended the last attempt, in the trainer's words.</param>
/// <param name="Hint">What might help.</param>
/// <param name="Step">Optimiser steps that were heard of.</param>
/// <param name="Steps">Optimiser steps in all; 0 before the trainer has said it.</param>
/// <param name="BusySeconds">What its steps took, summed.</param>
/// <param name="CodeVersion">Of the trainer.</param>
/// <param name="Prepared">JSON of what the preparation said: clips, what was left out and why.</param>
/// <param name="Model">The result, as an archive in the media store.</param>
/// <param name="ModelPath">The result's folder on the machine that trained it.</param>
public sealed record TrainingRow(
    long Id, string Name, TrainingSettings Settings, TrainingLife Life, string? Kind, string? Hint, long Step, long Steps, double? Loss, double BusySeconds, string? CodeVersion, string? Prepared,
    MediaRef? Model, string? ModelPath, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt);

/// <summary>One optimiser step.</summary>
/// <param name="Rate">Samples a second over all processes.</param>
/// <param name="MemoryMb">Largest memory of a process so far, MiB.</param>
public sealed record TrainingStep(long Step, double Loss, double? LearningRate, double? GradNorm, double? Seconds, double? Rate, double? MemoryMb);

/// <summary>A checkpoint in the media store.</summary>
/// <param name="Name">Its folder's name, as the trainer chose it.</param>
public sealed record StoredCheckpoint(long Step, string Name, MediaRef Media);

/// <summary>A validation clip in the media store.</summary>
public sealed record TrainingClip(long Step, string Prompt, long Seed, MediaRef Media);

/// <summary>How an attempt ended.</summary>
public abstract record TrainingEnd
{
    private TrainingEnd()
    {
    }

    public sealed record Finished(MediaRef? Model, string ModelPath) : TrainingEnd;

    /// <param name="Kind">In the trainer's words: usage, data, geometry, nan, memory, disk, missing, internal; or crash, timeout.</param>
    public sealed record Crashed(string Kind, string Message, string? Hint, bool Retryable) : TrainingEnd;

    /// <summary>It stopped because it was to.</summary>
    public sealed record Stopped : TrainingEnd;
}
