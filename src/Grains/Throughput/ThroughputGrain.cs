using MedGenCluster.Engine.Execution;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting.Placement;

namespace MedGenCluster.Grains.Throughput;

/// <inheritdoc cref="IThroughputGrain"/>
[CpuPlacementFilter, Reentrant, KeepAlive]
public sealed class ThroughputGrain(TimeProvider time) : Grain, IThroughputGrain
{
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(10);

    private readonly RecentWork _recent = new();
    private readonly Dictionary<string, (SiloReport Report, long At)> _silos = new(StringComparer.Ordinal);

    public Task ReportAsync(SiloReport report)
    {
        _silos[report.Name] = (report, time.GetTimestamp());
        foreach (var second in report.Seconds)
        {
            _recent.Add(new RecentSecond(second.Second, second.Stage, second.Passed, second.Rejected, second.Failed, second.Busy));
        }

        return Task.CompletedTask;
    }

    public ValueTask<IReadOnlyList<SiloReport>> SilosAsync(CancellationToken cancellationToken)
    {
        foreach (var name in _silos.Where(pair => time.GetElapsedTime(pair.Value.At) > Alive).Select(pair => pair.Key).ToList())
        {
            _silos.Remove(name);
        }

        return new([.. _silos.Values.Select(silo => silo.Report).OrderBy(report => report.Name, StringComparer.Ordinal)]);
    }

    public ValueTask<IReadOnlyList<StageSecond>> SecondsAsync(long from, CancellationToken cancellationToken) => new(
    [
        .. _recent.Since(from, time.GetUtcNow().ToUnixTimeSeconds()).Select(second => new StageSecond(second.Second, second.Stage, second.Passed, second.Rejected, second.Failed, second.Busy)),
    ]);
}
