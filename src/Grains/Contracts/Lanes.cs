using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Grains.Contracts;

/// <summary>A silo that is told how its items went.</summary>
[Alias("medgen.lane-listener")]
public interface ILaneListener : IGrainObserver
{
    [Alias("told")]
    Task ToldAsync(LaneReport report);
}

/// <summary>An item that a lane is to run its stage on. References only: the lane reads the item from the ledger and its media from the store.</summary>
/// <param name="ReplyTo">The silo that is to be told how it went.</param>
[GenerateSerializer, Immutable, Alias("medgen.lane-ticket")]
public sealed record LaneTicket(
    [property: Id(0)] string Owner,
    [property: Id(1)] long Number,
    [property: Id(2)] long Item,
    [property: Id(3)] long Job,
    [property: Id(4)] StageId Stage,
    [property: Id(5)] string Options,
    [property: Id(6)] ILaneListener ReplyTo)
{
    public (string, long, StageId) Operation => (Owner, Number, Stage);
}

/// <summary>What a lane says to a ticket.</summary>
public enum LaneAnswerKind
{
    /// <summary>Taken, or taken already: its report follows.</summary>
    Accepted = 0,

    /// <summary>No room now.</summary>
    Busy = 1,

    /// <summary>The silo stops and takes nothing more.</summary>
    Draining = 2,
}

/// <param name="Capacity">Items that the lane holds at the most, queued or in flight.</param>
/// <param name="RetryAfter">When busy: ask again not before this.</param>
[GenerateSerializer, Immutable, Alias("medgen.lane-answer")]
public readonly record struct LaneAnswer([property: Id(0)] LaneAnswerKind Kind, [property: Id(1)] int Capacity, [property: Id(2)] TimeSpan RetryAfter);

/// <summary>How a stage went on a lane.</summary>
/// <param name="Result">Null where the lane gave the item back unworked.</param>
/// <param name="Seconds">The item's share of the lane's time.</param>
[GenerateSerializer, Immutable, Alias("medgen.lane-report")]
public sealed record LaneReport(
    [property: Id(0)] string Owner, [property: Id(1)] long Number, [property: Id(2)] long Item, [property: Id(3)] StageId Stage, [property: Id(4)] StageOutcome? Result, [property: Id(5)] double Seconds)
{
    public (string, long, StageId) Operation => (Owner, Number, Stage);
}

/// <summary>One stage on one GPU silo: fronts the silo's micro-batching engine. Key: <see cref="Hosting.Placement.LaneKey"/>.</summary>
[Alias("medgen.gpu-lane"), Version(1)]
public interface IGpuLaneGrain : IGrainWithStringKey
{
    /// <summary>Takes an item or says why not, and returns at once; who sent it is told how it went.</summary>
    [Alias("submit")]
    ValueTask<LaneAnswer> SubmitAsync(LaneTicket ticket, CancellationToken cancellationToken);

    /// <summary>True while the lane holds the operation, or has not been able to tell how it went.</summary>
    [Alias("holds")]
    ValueTask<bool> HoldsAsync(LaneTicket ticket, CancellationToken cancellationToken);

    /// <summary>Calls an operation off; no report follows.</summary>
    [Alias("call-off")]
    Task CallOffAsync(LaneTicket ticket);
}
