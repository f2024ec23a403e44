using MedGenCluster.Curation.Network;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting.Placement;

namespace MedGenCluster.Grains.Budgets;

/// <inheritdoc cref="ISourceBudgetGrain"/>
/// <remarks>The budget itself is Curation's. When the grain is activated anew (its silo died) it begins at the initial rate, as a process that starts does.</remarks>
[CpuPlacementFilter, Reentrant]
public sealed class SourceBudgetGrain(ClusterBudget cluster, TimeProvider time) : Grain, ISourceBudgetGrain, IDisposable
{
    private readonly HostBudget _budget = new(cluster.Options, time);

    private string Host => this.GetPrimaryKeyString();

    public ValueTask<BudgetAnswer> AcquireAsync(CancellationToken cancellationToken) => new(new BudgetAnswer(_budget.TryAcquire(Host), _budget.RestOf(Host)));

    public Task ReportAsync(bool throttled, TimeSpan? retryAfter)
    {
        _budget.Report(Host, throttled ? HostAnswer.Throttled : HostAnswer.Served, retryAfter);
        return Task.CompletedTask;
    }

    public void Dispose() => _budget.Dispose();
}
