using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Grains.Contracts;

/// <summary>An item that its shard has leased, to be taken through its stages.</summary>
/// <param name="Owner">Owner of the lease in the ledger: the silo of the shard.</param>
/// <param name="Number">Number of the operation, unique for the owner: the same ticket twice is one operation.</param>
/// <param name="Item">The item's number in the ledger.</param>
/// <param name="Shard">Key of the shard that is to be told of the end.</param>
/// <param name="Options">Digest of the job's options that the work is to be done under.</param>
[GenerateSerializer, Immutable, Alias("medgen.item-ticket")]
public sealed record ItemTicket(
    [property: Id(0)] string Owner,
    [property: Id(1)] long Number,
    [property: Id(2)] long Item,
    [property: Id(3)] long Job,
    [property: Id(4)] string Shard,
    [property: Id(5)] string Options);

/// <summary>What an item's grain is doing.</summary>
/// <param name="Number">Number of the operation that runs; 0 where none does.</param>
/// <param name="Stage">Name of the stage; empty where nothing runs.</param>
[GenerateSerializer, Immutable, Alias("medgen.item-status")]
public readonly record struct ItemStatus([property: Id(0)] long Number, [property: Id(1)] string Stage);

/// <summary>Takes one item through its stages: it asks who can run a stage, remembers the result, and goes where the lifecycle says. Its state is the ledger's; what it
/// holds in memory is the item that it works on.</summary>
[Alias("medgen.item")]
public interface IItemGrain : IGrainWithIntegerKey
{
    /// <summary>Begins, and returns at once; the shard is told of the end.</summary>
    /// <returns>False while another operation of the item runs.</returns>
    [Alias("start")]
    ValueTask<bool> StartAsync(ItemTicket ticket, CancellationToken cancellationToken);

    [Alias("status")]
    ValueTask<ItemStatus> StatusAsync(CancellationToken cancellationToken);
}

/// <summary>A video on its way: screen, fetch, probe, segment. Key: the video's number in the ledger.</summary>
[Alias("medgen.video"), Version(1)]
public interface IVideoGrain : IItemGrain;

/// <summary>A clip on its way: cut, caption, filters. Key: the clip's number in the ledger.</summary>
[Alias("medgen.clip"), Version(1)]
public interface IClipGrain : IItemGrain;
