using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Grains.Contracts;

namespace MedGenCluster.Grains.Throughput;

/// <summary>Counts what this silo's stages finish until it is reported.</summary>
internal sealed class ThroughputFeed
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(long Second, StageId Stage), StageSecond> _counts = [];

    /// <param name="now">Unix seconds.</param>
    public void Add(long now, StageId stage, DecisionVerdict verdict, double seconds)
    {
        lock (_lock)
        {
            var counted = _counts.GetValueOrDefault((now, stage), new StageSecond(now, stage, 0, 0, 0, 0));
            _counts[(now, stage)] = verdict switch
            {
                DecisionVerdict.Passed => counted with { Passed = counted.Passed + 1, Busy = counted.Busy + seconds },
                DecisionVerdict.Rejected => counted with { Rejected = counted.Rejected + 1, Busy = counted.Busy + seconds },
                _ => counted with { Failed = counted.Failed + 1, Busy = counted.Busy + seconds },
            };
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

            StageSecond[] taken = [.. _counts.Values];
            _counts.Clear();
            return taken;
        }
    }
}
