using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Grains.Contracts;

namespace MedGenCluster.Grains.Generation;

/// <summary>What a generation's grain keeps. Slices that nobody has worked on are not in it.</summary>
[GenerateSerializer, Alias("medgen.generation-state")]
public sealed class GenerationJobState
{
    /// <summary>Null before the start.</summary>
    [Id(0)]
    public GenerationOrder? Order { get; set; }

    [Id(1)]
    public GenerationState State { get; set; }

    /// <summary>By number of the slice.</summary>
    [Id(2)]
    public Dictionary<int, StoredSlice> Slices { get; set; } = [];

    /// <summary>The last retries, newest last: one of them again is done already.</summary>
    [Id(3)]
    public List<string> Retries { get; set; } = [];
}

/// <summary>A <see cref="GenerationSlice"/> as it is stored.</summary>
[GenerateSerializer, Alias("medgen.stored-slice")]
public sealed class StoredSlice
{
    [Id(0)]
    public ulong Done { get; set; }

    [Id(1)]
    public ulong Dead { get; set; }

    [Id(2)]
    public Dictionary<int, int> Attempts { get; set; } = [];

    [Id(3)]
    public Dictionary<int, string> Reasons { get; set; } = [];

    [Id(4)]
    public bool OneByOne { get; set; }

    [Id(5)]
    public string? Operation { get; set; }

    [Id(6)]
    public ulong Leased { get; set; }

    [Id(7)]
    public DateTimeOffset Until { get; set; }

    [Id(8)]
    public DateTimeOffset NotBefore { get; set; }

    public static StoredSlice Of(GenerationSlice slice) => new()
    {
        Done = slice.Done,
        Dead = slice.Dead,
        Attempts = new(slice.Attempts),
        Reasons = new(slice.Reasons),
        OneByOne = slice.OneByOne,
        Operation = slice.Lease?.Operation,
        Leased = slice.Lease?.Items ?? 0,
        Until = slice.Lease?.Until ?? default,
        NotBefore = slice.NotBefore,
    };

    public GenerationSlice ToSlice(int size) =>
        new(size, Done, Dead, Attempts, Reasons, OneByOne, Operation is null ? null : new GenerationLease(Operation, Leased, Until), NotBefore);
}
