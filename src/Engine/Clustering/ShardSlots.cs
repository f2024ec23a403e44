namespace MedGenCluster.Engine.Clustering;

/// <summary>A range of slots. A video's slot is its number in the ledger modulo <see cref="Count"/>, and its clips share it: what belongs together stays together.</summary>
/// <param name="First">First slot.</param>
/// <param name="End">The slot after the last.</param>
public readonly record struct ShardSlots(int First, int End)
{
    /// <summary>Slots in all. Part of the ledger's schema (its index), never to be changed.</summary>
    public const int Count = 64;

    public static readonly ShardSlots All = new(0, Count);

    /// <summary>The slots of one shard of several.</summary>
    /// <param name="shard">From 0.</param>
    /// <param name="shards">A power of two up to <see cref="Count"/>.</param>
    public static ShardSlots Of(int shard, int shards) => new(shard * (Count / shards), (shard + 1) * (Count / shards));
}
