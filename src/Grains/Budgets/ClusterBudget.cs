using System.Collections.Concurrent;
using MedGenCluster.Curation.Network;
using MedGenCluster.Grains.Contracts;

namespace MedGenCluster.Grains.Budgets;

/// <summary>The cluster's budget of each host as a process sees it: one grain for a host keeps it. Before the process has joined, and while the host's grain cannot be reached, a
/// budget of the process's own serves: a host is then asked by each silo at the rate that is meant for all, for as long as that lasts.</summary>
public sealed class ClusterBudget(HostBudgetOptions options, TimeProvider time) : IHostBudget, IDisposable
{
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(5);

    private readonly HostBudget _own = new(options, time);
    private readonly ConcurrentDictionary<string, long> _restsUntil = new(StringComparer.Ordinal);
    private IGrainFactory? _grains;

    public HostBudgetOptions Options => options;

    /// <summary>Joins the cluster's budgets; null leaves them.</summary>
    public void Join(IGrainFactory? grains) => Volatile.Write(ref _grains, grains);

    public async ValueTask AcquireAsync(string host, CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _grains) is { } grains)
        {
            BudgetAnswer answer;
            try
            {
                answer = await grains.GetGrain<ISourceBudgetGrain>(host).AcquireAsync(cancellationToken).AsTask().WaitAsync(AskLimit, time, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException && !cancellationToken.IsCancellationRequested)
            {
                break;
            }

            Rest(host, answer.Rest);
            if (answer.Wait == TimeSpan.Zero)
            {
                return;
            }

            await Task.Delay(answer.Wait, time, cancellationToken).ConfigureAwait(false);
        }

        await _own.AcquireAsync(host, cancellationToken).ConfigureAwait(false);
    }

    /// <remarks>As the last answer about the host said.</remarks>
    public TimeSpan RestOf(string host)
    {
        var rest = TimeSpan.FromMilliseconds(_restsUntil.GetValueOrDefault(host) - time.GetUtcNow().ToUnixTimeMilliseconds());
        return rest > TimeSpan.Zero ? rest : _own.RestOf(host);
    }

    public void Report(string host, HostAnswer answer, TimeSpan? retryAfter = null)
    {
        if (Volatile.Read(ref _grains) is not { } grains)
        {
            _own.Report(host, answer, retryAfter);
            return;
        }

        if (retryAfter is { } rest)
        {
            Rest(host, rest);
        }

        grains.GetGrain<ISourceBudgetGrain>(host).ReportAsync(answer == HostAnswer.Throttled, retryAfter).Ignore();
    }

    public void Dispose() => _own.Dispose();

    private void Rest(string host, TimeSpan rest)
    {
        if (rest > TimeSpan.Zero)
        {
            _restsUntil[host] = (time.GetUtcNow() + rest).ToUnixTimeMilliseconds();
        }
        else
        {
            _restsUntil.TryRemove(host, out _);
        }
    }
}
