using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Grains.Running;

/// <summary>What a shard has in flight on this silo. It outlives the shard's activation, which a cluster that loses a silo may replace: whoever follows on this silo finds what is under way.</summary>
internal sealed class ShardDesk
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, (long Number, ItemKind Kind)> _inFlight = [];
    private int _videos;

    /// <summary>Woken when an item ends, or something may be due.</summary>
    public Wake Wake { get; } = new();

    public (int Videos, int Clips) InFlight
    {
        get
        {
            lock (_lock)
            {
                return (_videos, _inFlight.Count - _videos);
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _inFlight.Count;
            }
        }
    }

    public void Begin(long item, long number, ItemKind kind)
    {
        lock (_lock)
        {
            // An item whose lease ran out may be leased again here before its older operation has seen it.
            _videos -= _inFlight.TryGetValue(item, out var older) && older.Kind == ItemKind.Video ? 1 : 0;
            _inFlight[item] = (number, kind);
            _videos += kind == ItemKind.Video ? 1 : 0;
        }
    }

    /// <returns>False where the item is not in flight under this number.</returns>
    public bool End(long item, long number)
    {
        lock (_lock)
        {
            if (!_inFlight.TryGetValue(item, out var begun) || begun.Number != number)
            {
                return false;
            }

            _inFlight.Remove(item);
            _videos -= begun.Kind == ItemKind.Video ? 1 : 0;
        }

        Wake.Signal();
        return true;
    }

    public List<(long Item, long Number, ItemKind Kind)> All()
    {
        lock (_lock)
        {
            return [.. _inFlight.Select(pair => (pair.Key, pair.Value.Number, pair.Value.Kind))];
        }
    }
}
