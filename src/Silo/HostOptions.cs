using MedGenCluster.Curation.Frames;
using MedGenCluster.Engine.Embedded;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Execution;
using MedGenCluster.GpuWorkers.Inference;

namespace MedGenCluster.Silo;

/// <summary>What a process needs to carry an engine.</summary>
public sealed record HostOptions
{
    /// <summary>The cluster's folder.</summary>
    public required string DataPath { get; init; }

    /// <summary>The model pack's folder.</summary>
    public required string ModelsPath { get; init; }

    public EngineOptions Engine { get; init; } = new();

    /// <summary>How the process takes part in a cluster; null for the embedded engine.</summary>
    public ClusterSettings? Cluster { get; init; }

    public NetworkOptions Network { get; init; } = new();

    public MediaToolOptions Tools { get; init; } = new();

    public InferenceOptions Inference { get; init; } = new() { IntraOpThreads = 1 };
}
