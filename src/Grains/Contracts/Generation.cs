namespace MedGenCluster.Grains.Contracts;

/// <summary>What is to be generated; see <see cref="Curation.Lifecycle.GenerationSpecification"/>. A reference to the prompt file, never its text.</summary>
[GenerateSerializer, Immutable, Alias("medgen.generation-order")]
public sealed record GenerationOrder(
    [property: Id(0)] string PromptsSha256, [property: Id(1)] int Prompts, [property: Id(2)] string Model, [property: Id(3)] int PerPrompt, [property: Id(4)] long FirstSeed, [property: Id(5)] int SliceSize);

/// <summary>What a command was answered. Numbers travel between versions: append only.</summary>
public enum CommandAnswer
{
    Done = 0,

    /// <summary>It was done before, by this operation or another: nothing changed.</summary>
    NothingToDo = 1,

    /// <summary>It contradicts what is there; the answer's reason says how.</summary>
    Refused = 2,

    /// <summary>There is no such job or run: it was never started.</summary>
    Unknown = 3,
}

/// <param name="Reason">What to do about a refusal.</param>
[GenerateSerializer, Immutable, Alias("medgen.command-result")]
public readonly record struct CommandResult([property: Id(0)] CommandAnswer Answer, [property: Id(1)] string? Reason = null);

/// <param name="Number">The item's number in its slice.</param>
/// <param name="Prompt">Line of the prompt file, from 0, blank lines not counted.</param>
/// <param name="Attempts">Failed attempts before.</param>
[GenerateSerializer, Immutable, Alias("medgen.generation-item")]
public readonly record struct GenerationItem([property: Id(0)] int Number, [property: Id(1)] int Prompt, [property: Id(2)] long Seed, [property: Id(3)] int Attempts);

/// <summary>Items for a worker. Null items: nothing is to be done now.</summary>
/// <param name="Operation">Id under which the worker reports.</param>
/// <param name="Until">The lease ends unless a report renews it.</param>
/// <param name="RetryAt">Where nothing was leased: when to ask again at the latest; null where the job is over.</param>
[GenerateSerializer, Immutable, Alias("medgen.generation-work")]
public sealed record GenerationWork(
    [property: Id(0)] string Operation, [property: Id(1)] int Slice, [property: Id(2)] IReadOnlyList<GenerationItem> Items, [property: Id(3)] GenerationOrder? Order, [property: Id(4)] DateTimeOffset Until,
    [property: Id(5)] DateTimeOffset? RetryAt);

/// <summary>How one item went. The sample itself is in the media store and the ledger before it is reported, under its job, prompt and seed.</summary>
/// <param name="Failure">Null where it is done.</param>
[GenerateSerializer, Immutable, Alias("medgen.generation-report")]
public sealed record GenerationReport(
    [property: Id(0)] string Operation, [property: Id(1)] int Slice, [property: Id(2)] int Item, [property: Id(3)] string? Failure = null, [property: Id(4)] bool Retryable = true);

/// <summary>An item that was given up.</summary>
[GenerateSerializer, Immutable, Alias("medgen.generation-dead")]
public sealed record GenerationDeadLetter([property: Id(0)] int Prompt, [property: Id(1)] long Seed, [property: Id(2)] int Attempts, [property: Id(3)] string Reason);

/// <param name="State">Name of the <see cref="Curation.Lifecycle.GenerationState"/>, lower case.</param>
/// <param name="Leased">Items that a worker has.</param>
/// <param name="Workers">Workers that have some.</param>
[GenerateSerializer, Immutable, Alias("medgen.generation-status")]
public sealed record GenerationStatus(
    [property: Id(0)] string State, [property: Id(1)] long Items, [property: Id(2)] long Done, [property: Id(3)] long Dead, [property: Id(4)] long Leased, [property: Id(5)] int Workers);

/// <summary>Is told of a job: workers that wait for work, whoever started it.</summary>
[Alias("medgen.generation-listener")]
public interface IGenerationListener : IGrainObserver
{
    /// <summary>Something has changed: work may be had, the job is over.</summary>
    [Alias("told"), OneWay]
    Task ToldAsync(string job, GenerationStatus status);
}

/// <summary>A batch generation: hands its items out to GPU workers and knows which are done. Key: the job's id. Every command may be said twice.</summary>
[Alias("medgen.generation-job"), Version(1)]
public interface IGenerationJobGrain : IGrainWithStringKey
{
    /// <summary>Begins, and returns at once.</summary>
    /// <returns>Refused where the order is not valid, or the job was started with another one.</returns>
    [Alias("start")]
    Task<CommandResult> StartAsync(GenerationOrder order, CancellationToken cancellationToken);

    /// <summary>Leases a slice's open items.</summary>
    /// <param name="operation">Chosen by the worker, new for each slice; the same id again gets the same slice.</param>
    /// <returns>Null where there is no such job.</returns>
    [Alias("lease")]
    Task<GenerationWork?> LeaseAsync(string operation, CancellationToken cancellationToken);

    /// <summary>Reports an item and renews the lease.</summary>
    /// <returns>False where the lease is lost: the worker is to stop, and the report counts for nothing.</returns>
    [Alias("report")]
    Task<bool> ReportAsync(GenerationReport report, CancellationToken cancellationToken);

    /// <summary>Renews a lease while an item takes long.</summary>
    /// <returns>False where it is lost.</returns>
    [Alias("renew")]
    Task<bool> RenewAsync(string operation, int slice, CancellationToken cancellationToken);

    /// <summary>Gives what is not done back.</summary>
    [Alias("give-back")]
    Task GiveBackAsync(string operation, int slice, CancellationToken cancellationToken);

    /// <summary>No further item is leased; workers lose what they have.</summary>
    [Alias("cancel")]
    Task<CommandResult> CancelAsync(CancellationToken cancellationToken);

    /// <summary>Tries the dead again, and goes on with a cancelled job.</summary>
    /// <param name="operation">A retry said twice with the same id is one.</param>
    [Alias("retry")]
    Task<CommandResult> RetryAsync(string operation, CancellationToken cancellationToken);

    /// <returns>Null where there is no such job.</returns>
    [Alias("status")]
    Task<GenerationStatus?> StatusAsync(CancellationToken cancellationToken);

    /// <param name="limit">Most that are wanted, 1 to 1000.</param>
    [Alias("dead-letters")]
    Task<IReadOnlyList<GenerationDeadLetter>> DeadLettersAsync(int limit, CancellationToken cancellationToken);

    /// <summary>To be repeated within five minutes.</summary>
    [Alias("listen")]
    Task ListenAsync(IGenerationListener listener, CancellationToken cancellationToken);
}
