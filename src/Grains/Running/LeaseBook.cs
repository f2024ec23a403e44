using System.Collections.Concurrent;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Grains.Running;

/// <summary>What was leased on this silo, for grains of the same silo: an item that is in it need not be read again. Nothing hangs on it.</summary>
internal sealed class LeaseBook
{
    private readonly ConcurrentDictionary<long, LeasedItem> _items = new();

    public void Put(LeasedItem item) => _items[item.Item.Seq] = item;

    public LeasedItem? Find(long item) => _items.GetValueOrDefault(item);

    public void Remove(long item) => _items.TryRemove(item, out _);
}
