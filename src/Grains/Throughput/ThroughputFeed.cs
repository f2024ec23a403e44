using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Grains.Contracts;

namespace MedGenCluster.Grains.Throughput;

/// <summary>Counts what this silo's stages finish until it is reported.</summary>
internal sealed class ThroughputFeed
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(long Second, StageId Stage), RecentSecond> _counts = [];

    /// <param name="now">Unix seconds.</param>
    public void Add(long now, StageId stage, DecisionVerdict verdict, double seconds)
    {
        var finished = RecentSecond.Of(now, stage, verdict, seconds);
        lock (_lock)
        {
            _counts[(now, stage)] = _counts.TryGetValue((now, stage), out var counted) ? counted.Plus(finished) : finished;
        }
    }

    /// <summary>What was counted since the last call.</summary>
    public IReadOnlyList<StageSecond> Take()
    {
        lock (_lock)
        {
            if (_counts.Count == 0)
            {
                return [];
            }

            StageSecond[] taken = [.. _counts.Values.Select(second => new StageSecond(second.Second, second.Stage, second.Passed, second.Rejected, second.Failed, second.Busy))];
            _counts.Clear();
            return taken;
        }
    }
}
