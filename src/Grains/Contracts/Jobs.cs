namespace MedGenCluster.Grains.Contracts;

/// <summary>What a shard is to do.</summary>
/// <param name="FirstSlot">First slot of its slice.</param>
/// <param name="EndSlot">The slot after its last.</param>
/// <param name="Running">False: lease nothing more; what is in flight comes to its next stage.</param>
/// <param name="Videos">Videos in flight at the most.</param>
/// <param name="Clips">Clips in flight at the most.</param>
/// <param name="Options">Digest of the job's options.</param>
/// <param name="VideosWait">True while so many clips wait that no further video is begun.</param>
[GenerateSerializer, Immutable, Alias("medgen.shard-order")]
public sealed record ShardOrder(
    [property: Id(0)] long Job,
    [property: Id(1)] int FirstSlot,
    [property: Id(2)] int EndSlot,
    [property: Id(3)] bool Running,
    [property: Id(4)] int Videos,
    [property: Id(5)] int Clips,
    [property: Id(6)] string Options,
    [property: Id(7)] bool VideosWait);

/// <param name="InFlight">Items that the shard has given to grains.</param>
/// <param name="Silo">Name of the silo that carries it.</param>
[GenerateSerializer, Immutable, Alias("medgen.shard-status")]
public readonly record struct ShardStatus([property: Id(0)] int InFlight, [property: Id(1)] string Silo);

/// <summary>A slice of a job: leases what is due in its slots and gives it to grains of videos and clips on its own silo, within bounds. Key: <c>{job}/{shard}</c>.</summary>
[Alias("medgen.shard"), Version(1)]
public interface IShardGrain : IGrainWithStringKey
{
    /// <summary>Tells the shard what to do; the same order again changes nothing.</summary>
    [Alias("ensure")]
    Task<ShardStatus> EnsureAsync(ShardOrder order, CancellationToken cancellationToken);

    /// <summary>Something may be due.</summary>
    [Alias("nudge"), OneWay]
    Task NudgeAsync();

    /// <summary>An item's grain has come to its end with it.</summary>
    [Alias("ended"), OneWay]
    Task EndedAsync(long item, long number);
}

/// <param name="Listing">True while the job's source is being listed.</param>
/// <param name="Shards">By shard: the silo that carries it.</param>
[GenerateSerializer, Immutable, Alias("medgen.job-status")]
public sealed record JobStatus([property: Id(0)] bool Working, [property: Id(1)] bool Listing, [property: Id(2)] int InFlight, [property: Id(3)] IReadOnlyList<string> Shards, [property: Id(4)] string? Standstill);

/// <summary>A job: has its source listed, its shards at work, and brings it to its end. Key: the job's number in the ledger, which holds its specification and state.</summary>
[Alias("medgen.curation-job"), Version(1)]
public interface ICurationJobGrain : IGrainWithIntegerKey
{
    /// <summary>Looks at the job in the ledger and does what it says; returns when that is under way.</summary>
    [Alias("ensure")]
    Task EnsureAsync(CancellationToken cancellationToken);

    /// <summary>Holds the job: no item of it is begun. To be repeated within <see cref="Jobs.CurationJobGrain.HoldLasts"/>, or the hold ends by itself.</summary>
    /// <param name="operation">Who holds it.</param>
    /// <returns>Items still in flight, or -1 where another holds it.</returns>
    [Alias("hold")]
    Task<int> HoldAsync(string operation, CancellationToken cancellationToken);

    [Alias("release")]
    Task ReleaseAsync(string operation, CancellationToken cancellationToken);

    [Alias("status")]
    Task<JobStatus> StatusAsync(CancellationToken cancellationToken);
}
