using MedGenCluster.Curation.Domain;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting.Placement;

namespace MedGenCluster.Grains.Throughput;

/// <inheritdoc cref="IThroughputGrain"/>
[CpuPlacementFilter, Reentrant, KeepAlive]
public sealed class ThroughputGrain(TimeProvider time) : Grain, IThroughputGrain
{
    /// <summary>Seconds that are kept of each stage.</summary>
    public const int Kept = 600;

    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(10);

    private readonly Dictionary<StageId, StageSecond[]> _rings = [];
    private readonly Dictionary<string, (SiloReport Report, long At)> _silos = new(StringComparer.Ordinal);

    public Task ReportAsync(SiloReport report)
    {
        _silos[report.Name] = (report, time.GetTimestamp());
        foreach (var second in report.Seconds)
        {
            if (!_rings.TryGetValue(second.Stage, out var ring))
            {
                _rings[second.Stage] = ring = new StageSecond[Kept];
            }

            ref var cell = ref ring[(int)(second.Second % Kept)];
            if (cell.Second > second.Second)
            {
                // Of a time that the ring has left behind.
                continue;
            }

            cell = cell.Second < second.Second
                ? second
                : cell with { Passed = cell.Passed + second.Passed, Rejected = cell.Rejected + second.Rejected, Failed = cell.Failed + second.Failed, Busy = cell.Busy + second.Busy };
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

    public ValueTask<IReadOnlyList<StageSecond>> SecondsAsync(long from, CancellationToken cancellationToken)
    {
        var oldest = Math.Max(from, time.GetUtcNow().ToUnixTimeSeconds() - Kept);
        return new([.. _rings.Values.SelectMany(ring => ring).Where(second => second.Second >= oldest && second.Second > 0).OrderBy(second => second.Second).ThenBy(second => second.Stage)]);
    }
}
