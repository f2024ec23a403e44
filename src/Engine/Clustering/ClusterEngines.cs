using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Media;
using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Clustering;

/// <summary>What a host gives the engine of a cluster.</summary>
/// <param name="OpenSource">Opens a job's source.</param>
/// <param name="Finish">Runs when a job's work is settled: marks near-duplicates.</param>
/// <param name="Blocked">Why no work can be started now (a full disk), or null.</param>
/// <param name="Budget">What <see cref="IClusterEngineFactory.CreateBudget"/> made and the stages and sources ask: the engine shares it with the cluster.</param>
/// <param name="ModelMemory">GPU memory that a stage's models need, bytes.</param>
public sealed record ClusterParts(
    ILedger Ledger,
    StageCatalog Stages,
    IMediaStore Media,
    Func<SourceSpec, IVideoSource> OpenSource,
    Func<JobRow, CancellationToken, Task> Finish,
    Func<string?> Blocked,
    IHostBudget Budget,
    Func<StageId, long> ModelMemory,
    EngineOptions Options,
    ClusterSettings Settings,
    TimeProvider Time,
    ILoggerFactory Logs);

/// <summary>Makes the engine of a cluster. Implemented where Orleans is built.</summary>
public interface IClusterEngineFactory
{
    /// <summary>The budget of network hosts, one for the whole cluster: a process's own until the engine runs.</summary>
    IHostBudget CreateBudget(HostBudgetOptions options, TimeProvider time);

    IEngine Create(ClusterParts parts);

    /// <summary>Creates what the cluster's backends need (tables, containers). Safe to repeat.</summary>
    /// <exception cref="ClusterException">A backend cannot be reached or used.</exception>
    Task InitializeAsync(ClusterSettings settings, CancellationToken cancellationToken);
}

/// <summary>Finds the engine of a cluster in this build.</summary>
public static class ClusterEngines
{
    private const string Factory = "MedGenCluster.Grains.OrleansEngineFactory, MedGenCluster.Grains";

    /// <exception cref="ClusterException">This build has none.</exception>
    public static IClusterEngineFactory Find() => Type.GetType(Factory) is { } type
        ? (IClusterEngineFactory)Activator.CreateInstance(type)!
        : throw new ClusterException(
            "This build has no Orleans engine, as its package registry lacks Orleans. Run ./medgen setup --force where the registry has it, or use --engine embedded.");
}
