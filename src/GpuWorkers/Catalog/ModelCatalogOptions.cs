using MedGenCluster.GpuWorkers.Batching;
using MedGenCluster.GpuWorkers.Packs;

namespace MedGenCluster.GpuWorkers.Catalog;

/// <summary>Batching by role.</summary>
public sealed record ModelCatalogOptions
{
    /// <summary>For roles that <see cref="Roles"/> does not name.</summary>
    public BatchingOptions Default { get; init; } = new();

    /// <summary>Batching of single roles. A DOVER item is 19 MB, so its batches are small unless a GPU asks for more.</summary>
    public IReadOnlyDictionary<string, BatchingOptions> Roles { get; init; } = new Dictionary<string, BatchingOptions>
    {
        [ModelRoles.DoverTechnical] = new() { MaxBatch = 4, QueuedBatches = 1 },
        [ModelRoles.DoverAesthetic] = new() { MaxBatch = 4, QueuedBatches = 1 },
        [ModelRoles.FrameClassifier] = new() { MaxBatch = 64 },
    };

    public BatchingOptions For(string role) => Roles.GetValueOrDefault(role, Default);
}
