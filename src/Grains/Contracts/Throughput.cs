using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Grains.Contracts;

/// <summary>What a stage finished in one second.</summary>
/// <param name="Second">Unix seconds.</param>
/// <param name="Busy">Slot-seconds.</param>
[GenerateSerializer, Immutable, Alias("medgen.stage-second")]
public readonly record struct StageSecond(
    [property: Id(0)] long Second, [property: Id(1)] StageId Stage, [property: Id(2)] int Passed, [property: Id(3)] int Rejected, [property: Id(4)] int Failed, [property: Id(5)] double Busy);

/// <summary>One lane of a silo at a moment.</summary>
[GenerateSerializer, Immutable, Alias("medgen.lane-load")]
public readonly record struct LaneLoadReport([property: Id(0)] StageId Stage, [property: Id(1)] int InFlight, [property: Id(2)] int Queued);

/// <summary>What a silo tells of itself, about once a second.</summary>
[GenerateSerializer, Immutable, Alias("medgen.silo-report")]
public sealed record SiloReport(
    [property: Id(0)] string Name,
    [property: Id(1)] string Role,
    [property: Id(2)] string Address,
    [property: Id(3)] int Processors,
    [property: Id(4)] long WorkingSet,
    [property: Id(5)] double CpuShare,
    [property: Id(6)] long? GpuMemory,
    [property: Id(7)] IReadOnlyList<LaneLoadReport> Lanes,
    [property: Id(8)] IReadOnlyList<StageSecond> Seconds,
    [property: Id(9)] string? Standstill);

/// <summary>The cluster's speed by the second and its silos, from their reports. In memory: the ledger keeps minutes and hours for good. One grain, key 0.</summary>
[Alias("medgen.throughput"), Version(1)]
public interface IThroughputGrain : IGrainWithIntegerKey
{
    [Alias("report"), OneWay]
    Task ReportAsync(SiloReport report);

    /// <summary>The latest report of every silo that has reported within ten seconds.</summary>
    [Alias("silos")]
    ValueTask<IReadOnlyList<SiloReport>> SilosAsync(CancellationToken cancellationToken);

    /// <summary>What stages finished, summed over silos, ascending by second.</summary>
    /// <param name="from">Unix seconds; the last ten minutes are kept.</param>
    [Alias("seconds")]
    ValueTask<IReadOnlyList<StageSecond>> SecondsAsync(long from, CancellationToken cancellationToken);
}
