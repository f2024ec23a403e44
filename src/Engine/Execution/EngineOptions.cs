using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Engine.Execution;

/// <summary>How the embedded engine works.</summary>
public sealed record EngineOptions
{
    /// <summary>Stage runs at one time that need a processor; default: the machine's processors.</summary>
    public int CpuSlots { get; init; } = Environment.ProcessorCount;

    /// <summary>Stage runs at one time that feed models.</summary>
    public int GpuSlots { get; init; } = 2;

    /// <summary>Stage runs at one time that fetch.</summary>
    public int NetworkSlots { get; init; } = 4;

    /// <summary>Stage runs at one time that call a paid interface.</summary>
    public int ApiSlots { get; init; } = 4;

    /// <summary>A stage waits while a later one has this many items before it: a slow captioner slows the crawl.</summary>
    public int HighWater { get; init; } = 512;

    /// <summary>Videos of a job that are on their way at one time in a cluster.</summary>
    public int VideosInFlight { get; init; } = 64;

    /// <summary>Videos of a job that are listed ahead of the crawl.</summary>
    public long ListedAhead => HighWater * 16L;

    /// <summary>How long a lease lasts before others may take the item; renewed while the stage runs.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a lane of a cluster may take for an item before it is called off as hung: the item fails, and is tried again. Well above the longest batch.</summary>
    public TimeSpan LaneLimit { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>How often a lane of a cluster is asked whether it still holds an item.</summary>
    public TimeSpan LaneAskEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Work pauses while the data directory has less room than this, bytes.</summary>
    public long MinFreeBytes { get; init; } = 256L << 20;

    public RetryPolicy Retry { get; init; } = RetryPolicy.Default;

    /// <summary>Stage runs at one time that need a resource.</summary>
    public int Slots(Resource resource) => resource switch
    {
        Resource.Cpu => CpuSlots,
        Resource.Gpu => GpuSlots,
        Resource.Network => NetworkSlots,
        _ => ApiSlots,
    };

    /// <summary>All that is wrong with the options, each in a sentence.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        void AtLeastOne(int value, string name)
        {
            if (value < 1)
            {
                errors.Add($"{name} is {value}; it must be at least 1.");
            }
        }

        AtLeastOne(CpuSlots, nameof(CpuSlots));
        AtLeastOne(GpuSlots, nameof(GpuSlots));
        AtLeastOne(NetworkSlots, nameof(NetworkSlots));
        AtLeastOne(ApiSlots, nameof(ApiSlots));
        AtLeastOne(HighWater, nameof(HighWater));
        AtLeastOne(VideosInFlight, nameof(VideosInFlight));
        AtLeastOne(Retry.MaxAttempts, "Retry.MaxAttempts");
        if (Lease < TimeSpan.FromSeconds(1))
        {
            errors.Add($"Lease is {Lease}; it must be at least a second.");
        }

        if (LaneAskEvery <= TimeSpan.Zero)
        {
            errors.Add($"LaneAskEvery is {LaneAskEvery}; it must be longer than nothing.");
        }

        if (LaneLimit < LaneAskEvery)
        {
            errors.Add($"LaneLimit is {LaneLimit}; it must be at least LaneAskEvery ({LaneAskEvery}).");
        }

        return errors;
    }
}
