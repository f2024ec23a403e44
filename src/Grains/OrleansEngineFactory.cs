using MedGenCluster.Curation.Network;
using MedGenCluster.Engine;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Budgets;
using MedGenCluster.Grains.Hosting.Postgres;

namespace MedGenCluster.Grains;

/// <summary>Makes silos; found by name by <see cref="ClusterEngines"/>.</summary>
public sealed class OrleansEngineFactory : IClusterEngineFactory
{
    public IHostBudget CreateBudget(HostBudgetOptions options, TimeProvider time) => new ClusterBudget(options, time);

    public IEngine Create(ClusterParts parts) => new OrleansEngine(parts);

    public Task InitializeAsync(ClusterSettings settings, CancellationToken cancellationToken) => settings is { Clustering: ClusteringBackend.Postgres, Postgres: { } database }
        ? OrleansSchema.ApplyAsync(database, cancellationToken)
        : Task.CompletedTask;
}
