using MedGenCluster.Curation.Frames;
using MedGenCluster.Engine.Embedded;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Execution;
using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Trainer;

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

    /// <summary>Where the trainer is: text-to-video models are trained and sampled by its programs.</summary>
    public TrainerOptions Trainer { get; init; } = new() { Folder = "trainer" };

    public InferenceOptions Inference { get; init; } = new() { IntraOpThreads = 1 };
}
