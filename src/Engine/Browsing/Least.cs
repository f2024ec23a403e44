namespace MedGenCluster.Engine.Browsing;

/// <summary>Keeps the items with the least keys of any number of items, in the memory of those kept.</summary>
/// <param name="size">Items at the most; 0 keeps none.</param>
internal sealed class Least<TKey>(int size)
    where TKey : IComparable<TKey>
{
    // The greatest of the kept ones is at the top: it goes when a lesser one comes.
    private readonly PriorityQueue<long, TKey> _kept = new(Comparer<TKey>.Create((a, b) => b.CompareTo(a)));

    public void Offer(long item, TKey key)
    {
        if (_kept.Count < size)
        {
            _kept.Enqueue(item, key);
        }
        else if (_kept.TryPeek(out _, out var greatest) && key.CompareTo(greatest) < 0)
        {
            _kept.EnqueueDequeue(item, key);
        }
    }

    /// <summary>Least first.</summary>
    public IReadOnlyList<(long Item, TKey Key)> Sorted() => [.. _kept.UnorderedItems.Select(kept => (Item: kept.Element, Key: kept.Priority)).OrderBy(kept => kept.Key)];
}
