using System.Collections.Concurrent;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Simulation;

namespace MedGenCluster.Benchmarks.Cluster;

/// <summary>Sums how long one stage is at work, from its first item's begin to its last one's end.</summary>
internal sealed class BusyWatch(SimulationPlan plan, StageId watched, TimeProvider time) : IStageWatch
{
    private readonly ConcurrentDictionary<string, long> _begun = new(StringComparer.Ordinal);
    private long _first;
    private long _last;
    private long _occupied;
    private long _planned;
    private long _items;

    public long Items => Interlocked.Read(ref _items);

    public TimeSpan Span => time.GetElapsedTime(_first, _last);

    /// <summary>Slot-seconds from begin to end of each item.</summary>
    public double Occupied => time.GetElapsedTime(0, Interlocked.Read(ref _occupied)).TotalSeconds;

    /// <summary>Slot-seconds that the plan asks for: timers that fire late are not in it.</summary>
    public double Planned => TimeSpan.FromTicks(Interlocked.Read(ref _planned)).TotalSeconds;

    public void Began(StageId stage, string item)
    {
        if (stage == watched)
        {
            var now = time.GetTimestamp();
            Interlocked.CompareExchange(ref _first, now, 0);
            _begun[item] = now;
        }
    }

    public void Ended(StageId stage, string item)
    {
        if (stage == watched && _begun.TryRemove(item, out var began))
        {
            var now = time.GetTimestamp();
            Interlocked.Exchange(ref _last, now);
            Interlocked.Add(ref _occupied, now - began);
            Interlocked.Add(ref _planned, plan.Duration(stage, item).Ticks);
            Interlocked.Increment(ref _items);
        }
    }
}
