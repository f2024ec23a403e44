using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Execution;

/// <summary>What a stage finished in one second.</summary>
/// <param name="Second">Unix seconds.</param>
/// <param name="Busy">Slot-seconds of what was finished.</param>
public readonly record struct RecentSecond(long Second, StageId Stage, int Passed, int Rejected, int Failed, double Busy)
{
    public static RecentSecond Of(long second, StageId stage, DecisionVerdict verdict, double busy) => verdict switch
    {
        DecisionVerdict.Passed => new(second, stage, 1, 0, 0, busy),
        DecisionVerdict.Rejected => new(second, stage, 0, 1, 0, busy),
        _ => new(second, stage, 0, 0, 1, busy),
    };

    /// <summary>Both together, at this one's second and stage.</summary>
    public RecentSecond Plus(RecentSecond other) =>
        this with { Passed = Passed + other.Passed, Rejected = Rejected + other.Rejected, Failed = Failed + other.Failed, Busy = Busy + other.Busy };
}

/// <summary>What stages finished, second by second, for the last ten minutes: a ring for each stage. The ledger keeps minutes and hours for good. Safe for concurrent use.</summary>
public sealed class RecentWork
{
    /// <summary>Seconds that are kept of each stage.</summary>
    public const int Kept = 600;

    private readonly Lock _lock = new();
    private readonly Dictionary<StageId, RecentSecond[]> _rings = [];

    public void Add(RecentSecond finished)
    {
        lock (_lock)
        {
            if (!_rings.TryGetValue(finished.Stage, out var ring))
            {
                _rings[finished.Stage] = ring = new RecentSecond[Kept];
            }

            ref var cell = ref ring[(int)(finished.Second % Kept)];
            // An older one is of a time that the ring has left behind.
            cell = cell.Second < finished.Second ? finished : cell.Second == finished.Second ? cell.Plus(finished) : cell;
        }
    }

    /// <summary>Ascending by second, then stage; seconds in which nothing was finished are absent.</summary>
    /// <param name="from">Unix seconds.</param>
    /// <param name="now">Unix seconds: what is older than the ring is long is left out.</param>
    public IReadOnlyList<RecentSecond> Since(long from, long now)
    {
        var oldest = Math.Max(Math.Max(from, now - Kept + 1), 1);
        lock (_lock)
        {
            return [.. _rings.Values.SelectMany(ring => ring).Where(cell => cell.Second >= oldest).OrderBy(cell => cell.Second).ThenBy(cell => cell.Stage)];
        }
    }
}
