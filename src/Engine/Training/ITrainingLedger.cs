using MedGenCluster.Curation.Lifecycle;

namespace MedGenCluster.Engine.Training;

/// <summary>What is remembered of training runs. What an event does to a run is <see cref="TrainingLifecycle"/>'s. Every method is durable when its task completes;
/// those that name an operation answer false where the run is not that operation's any more, and then remember nothing.</summary>
public interface ITrainingLedger
{
    Task<TrainingRow> CreateTrainingAsync(string name, TrainingSettings settings);

    /// <summary>All runs, newest first.</summary>
    Task<IReadOnlyList<TrainingRow>> TrainingsAsync();

    Task<TrainingRow?> TrainingAsync(long run);

    /// <summary>Gives a waiting run to an operation until the lease ends.</summary>
    /// <param name="run">One run; null for the first that is due.</param>
    /// <returns>Null where none is due.</returns>
    Task<TrainingRow?> ClaimTrainingAsync(long? run, string operation, TimeSpan lease);

    /// <summary>Extends the lease.</summary>
    Task<bool> RenewTrainingAsync(long run, string operation, TimeSpan lease);

    /// <summary>Cancels a run, or takes one up again that failed or was cancelled.</summary>
    /// <returns>False where that is not possible in its phase.</returns>
    Task<bool> ChangeTrainingAsync(long run, TrainingEvent happened);

    /// <summary>Remembers what the preparation said.</summary>
    Task<bool> RecordPreparedAsync(long run, string operation, string prepared, TimeSpan lease);

    /// <summary>Remembers how many steps there are and which code takes them.</summary>
    Task<bool> RecordStartAsync(long run, string operation, long steps, string? codeVersion, TimeSpan lease);

    /// <summary>Remembers steps; a step that an earlier attempt had taken is replaced.</summary>
    Task<bool> RecordStepsAsync(long run, string operation, IReadOnlyList<TrainingStep> steps, TimeSpan lease);

    Task<bool> RecordCheckpointAsync(long run, string operation, StoredCheckpoint checkpoint, TimeSpan lease);

    Task<bool> RecordClipAsync(long run, string operation, TrainingClip clip, TimeSpan lease);

    Task<bool> EndTrainingAsync(long run, string operation, TrainingEnd end, RetryPolicy retry);

    /// <summary>Ends the attempts of operations that live no more.</summary>
    /// <returns>How many.</returns>
    Task<int> ReclaimTrainingsAsync(Func<string, bool> isDead, RetryPolicy retry);

    /// <summary>Ascending.</summary>
    Task<IReadOnlyList<TrainingStep>> TrainingStepsAsync(long run, long after = 0);

    /// <summary>Ascending.</summary>
    Task<IReadOnlyList<StoredCheckpoint>> CheckpointsAsync(long run);

    /// <summary>By step, then prompt.</summary>
    Task<IReadOnlyList<TrainingClip>> TrainingClipsAsync(long run);
}
