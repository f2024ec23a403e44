using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Engine.Execution;

/// <summary>What an engine is doing at this moment, and how long its slots have been busy.</summary>
public sealed class EngineActivity(TimeProvider time)
{
    private readonly int[] _items = new int[64];
    private readonly int[] _busy = new int[8];
    private readonly long[] _ticks = new long[8];

    /// <summary>Items that are in a stage.</summary>
    public int InFlight(StageId stage) => Volatile.Read(ref _items[(int)stage]);

    /// <summary>Slots of a resource that are taken.</summary>
    public int Busy(Resource resource) => Volatile.Read(ref _busy[(int)resource]);

    /// <summary>Slot-seconds of a resource that ended since the start.</summary>
    public double BusySeconds(Resource resource) => Volatile.Read(ref _ticks[(int)resource]) / (double)time.TimestampFrequency;

    internal Working Begin(StageId stage, Resource resource, int items)
    {
        Interlocked.Add(ref _items[(int)stage], items);
        Interlocked.Increment(ref _busy[(int)resource]);
        return new Working(this, stage, resource, items, time.GetTimestamp());
    }

    internal readonly struct Working(EngineActivity activity, StageId stage, Resource resource, int items, long started) : IDisposable
    {
        public void Dispose()
        {
            Interlocked.Add(ref activity._items[(int)stage], -items);
            Interlocked.Decrement(ref activity._busy[(int)resource]);
            Interlocked.Add(ref activity._ticks[(int)resource], activity.Elapsed(started));
        }
    }

    private long Elapsed(long started) => time.GetTimestamp() - started;
}
