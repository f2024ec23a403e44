using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Embedded;
using MedGenCluster.Engine.Execution;

namespace MedGenCluster.Engine;

/// <summary>Works on the jobs of a ledger: the embedded engine in one process, or this process's part of a cluster. An engine interprets the lifecycles'
/// effects and holds no rule of the pipeline.</summary>
public interface IEngine : IAsyncDisposable
{
    /// <summary>Where the engine's own pages lie.</summary>
    const string PagesPath = "/orleans";

    /// <summary><c>embedded</c> or <c>orleans</c>.</summary>
    string Kind { get; }

    /// <summary>Why work is standing still, or null.</summary>
    string? Blocked { get; }

    /// <summary>Why a part of the work waits (a source that refuses for now, no GPU silo), or null.</summary>
    string? Standstill { get; }

    /// <summary>Who works on what in this process, now.</summary>
    EngineActivity Activity { get; }

    EngineOptions Options { get; }

    /// <summary>The cluster's processes as this one sees them; empty for an engine that is alone.</summary>
    IReadOnlyList<SiloStatus> Silos { get; }

    /// <summary>Answers requests for the engine's own pages under <see cref="PagesPath"/>: an ASP.NET Core <c>RequestDelegate</c>; null for an engine without any.</summary>
    Delegate? Pages { get; }

    /// <summary>What a stage shares with others.</summary>
    Resource Needs(StageId stage);

    /// <summary>Holds a job: none of its work begins until the result is disposed of; what is in flight is waited for. Its options may be changed meanwhile.</summary>
    /// <exception cref="InvalidOperationException">The job is held already.</exception>
    Task<IAsyncDisposable> HoldAsync(long job, CancellationToken cancellationToken);

    /// <summary>What stages finished by the second, of the whole cluster, ascending; seconds without anything are absent.</summary>
    /// <param name="seconds">How far back, 1 to <see cref="RecentWork.Kept"/>.</param>
    Task<IReadOnlyList<RecentSecond>> RecentAsync(int seconds, CancellationToken cancellationToken);

    /// <summary>Looks at the jobs again: something was submitted or changed from outside.</summary>
    void Wake();

    /// <summary>Works until stopped, or until no job runs when <paramref name="untilIdle"/>. What was leased when it stops is given back.</summary>
    Task RunAsync(bool untilIdle, CancellationToken cancellationToken);
}

/// <summary>One process of a cluster.</summary>
/// <param name="Role"><c>cpu</c>, <c>gpu</c> or <c>all</c>.</param>
/// <param name="Status">As the membership says: <c>active</c>, <c>joining</c>, <c>shutting-down</c>, <c>dead</c>.</param>
/// <param name="GpuMemory">Memory for models, bytes; null for a silo without a GPU role.</param>
/// <param name="Lanes">What it runs for others: stage and items that are queued or in flight.</param>
public sealed record SiloStatus(
    string Name, string Role, string Address, string Status, int Processors, long WorkingSetBytes, double CpuShare, long? GpuMemory, IReadOnlyList<LaneLoad> Lanes);

/// <param name="Stage">The stage that the lane runs.</param>
/// <param name="InFlight">Items in the stage.</param>
/// <param name="Queued">Items that wait in the lane.</param>
public sealed record LaneLoad(StageId Stage, int InFlight, int Queued);
