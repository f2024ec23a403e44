namespace MedGenCluster.Engine.Browsing;

/// <summary>The latest answers to questions that are asked again until something changes.</summary>
/// <param name="size">Answers that are kept.</param>
internal sealed class Recent<TKey, TValue>(int size)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Queue<TKey> _order = new();
    private readonly Dictionary<TKey, TValue> _values = [];
    private long _generation;

    public TValue Get(TKey key, Func<TValue> ask)
    {
        long generation;
        lock (_lock)
        {
            if (_values.TryGetValue(key, out var kept))
            {
                return kept;
            }

            generation = _generation;
        }

        var value = ask();
        lock (_lock)
        {
            // An answer to what has changed meanwhile is given, but not kept.
            if (generation == _generation && _values.TryAdd(key, value))
            {
                _order.Enqueue(key);
                if (_order.Count > size)
                {
                    _values.Remove(_order.Dequeue());
                }
            }
        }

        return value;
    }

    public void Forget()
    {
        lock (_lock)
        {
            _generation++;
            _values.Clear();
            _order.Clear();
        }
    }
}
