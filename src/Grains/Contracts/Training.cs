namespace MedGenCluster.Grains.Contracts;

/// <summary>What is to be trained, on what, by which code: all that a sample's lineage needs.</summary>
/// <param name="DatasetManifestSha256">Digest of the export's manifest, 64 hexadecimal digits.</param>
/// <param name="Arguments">The trainer's arguments by their own names, as given.</param>
/// <param name="CodeVersion">Version of trainer and host.</param>
[GenerateSerializer, Immutable, Alias("medgen.training-order")]
public sealed record TrainingOrder([property: Id(0)] string DatasetManifestSha256, [property: Id(1)] IReadOnlyDictionary<string, string> Arguments, [property: Id(2)] string CodeVersion);

/// <summary>A checkpoint in the media store.</summary>
[GenerateSerializer, Immutable, Alias("medgen.training-checkpoint")]
public sealed record CheckpointReference([property: Id(0)] long Step, [property: Id(1)] string Sha256);

/// <summary>An attempt for a worker.</summary>
/// <param name="ResumeFrom">Null: from the beginning.</param>
[GenerateSerializer, Immutable, Alias("medgen.training-work")]
public sealed record TrainingWork([property: Id(0)] string Operation, [property: Id(1)] TrainingOrder Order, [property: Id(2)] CheckpointReference? ResumeFrom, [property: Id(3)] DateTimeOffset Until);

/// <summary>A line of the trainer's progress.</summary>
/// <param name="StepsPerSecond">Rate over the last lines.</param>
/// <param name="MemoryBytes">Peak on the device; null on a CPU.</param>
[GenerateSerializer, Immutable, Alias("medgen.training-line")]
public readonly record struct TrainingLine(
    [property: Id(0)] long Step, [property: Id(1)] double Loss, [property: Id(2)] double StepsPerSecond, [property: Id(3)] double LearningRate, [property: Id(4)] long? MemoryBytes);

/// <summary>What a worker is to do after a report. Numbers travel between versions: append only.</summary>
public enum TrainingAdvice
{
    GoOn = 0,

    /// <summary>Write a checkpoint and end.</summary>
    Stop = 1,

    /// <summary>The run is another worker's by now: end at once, and write nothing more of it.</summary>
    Lost = 2,
}

/// <summary>How an attempt ended. Numbers travel between versions: append only.</summary>
public enum TrainingEnd
{
    Finished = 0,

    /// <summary>It was told to stop, or its silo goes.</summary>
    Stopped = 1,
    Crashed = 2,
}

/// <param name="Phase">Name of the <see cref="Curation.Lifecycle.TrainingPhase"/>, lower case.</param>
/// <param name="Attempts">That ended badly since the last checkpoint.</param>
/// <param name="Line">The last line of progress; null before the first and after a restart of the silo.</param>
[GenerateSerializer, Immutable, Alias("medgen.training-status")]
public sealed record TrainingStatus(
    [property: Id(0)] string Phase, [property: Id(1)] int Attempts, [property: Id(2)] CheckpointReference? Checkpoint, [property: Id(3)] TrainingLine? Line, [property: Id(4)] string? Reason,
    [property: Id(5)] TrainingOrder Order);

/// <summary>Is told of a run: workers that wait for one, pages that show it.</summary>
[Alias("medgen.training-listener")]
public interface ITrainingListener : IGrainObserver
{
    [Alias("told"), OneWay]
    Task ToldAsync(string run, TrainingStatus status);
}

/// <summary>A training run: which worker has it, how far it came, and where the next attempt begins. Key: the run's id. Every command may be said twice.</summary>
[Alias("medgen.training-run"), Version(1)]
public interface ITrainingRunGrain : IGrainWithStringKey
{
    /// <summary>Begins, and returns at once.</summary>
    /// <returns>Refused where the order is not valid, or the run was started with another one.</returns>
    [Alias("start")]
    Task<CommandResult> StartAsync(TrainingOrder order, CancellationToken cancellationToken);

    /// <summary>Takes the run for an attempt.</summary>
    /// <param name="operation">Chosen by the worker, new for each attempt; the same id again gets the same attempt.</param>
    /// <returns>Null where there is nothing to do now.</returns>
    [Alias("claim")]
    Task<TrainingWork?> ClaimAsync(string operation, CancellationToken cancellationToken);

    [Alias("progress")]
    Task<TrainingAdvice> ProgressAsync(string operation, TrainingLine line, CancellationToken cancellationToken);

    /// <summary>A checkpoint is in the media store. An older one than the last changes nothing.</summary>
    [Alias("checkpoint")]
    Task<TrainingAdvice> CheckpointAsync(string operation, CheckpointReference checkpoint, CancellationToken cancellationToken);

    /// <param name="reason">Why it crashed.</param>
    /// <param name="retryable">Whether a crash may go better at the next attempt.</param>
    /// <returns>False where the attempt is not the run's any more.</returns>
    [Alias("end")]
    Task<bool> EndAsync(string operation, TrainingEnd end, string? reason, bool retryable, CancellationToken cancellationToken);

    /// <summary>The worker is asked to stop with its next report.</summary>
    [Alias("cancel")]
    Task<CommandResult> CancelAsync(CancellationToken cancellationToken);

    /// <summary>Goes on from the last checkpoint after a failure or a cancellation.</summary>
    /// <param name="operation">Said twice with the same id it is one.</param>
    [Alias("resume")]
    Task<CommandResult> ResumeAsync(string operation, CancellationToken cancellationToken);

    /// <returns>Null where there is no such run.</returns>
    [Alias("status")]
    Task<TrainingStatus?> StatusAsync(CancellationToken cancellationToken);

    /// <summary>To be repeated within five minutes.</summary>
    [Alias("listen")]
    Task ListenAsync(ITrainingListener listener, CancellationToken cancellationToken);
}
