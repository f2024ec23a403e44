namespace MedGenCluster.StandIn;

/// <summary>Switches trouble on and off, for a path or for all. Trouble of a path goes before trouble of all; what was switched on first is used first.</summary>
public sealed class Troubles
{
    private const string All = "*";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedList<Planned>> _planned = [];

    /// <summary>Makes requests of a path meet trouble.</summary>
    /// <param name="times">How many requests; as long as it is not cleared by default.</param>
    /// <param name="every">Each so-manieth request only.</param>
    public void At(string path, Trouble trouble, int times = int.MaxValue, int every = 1)
    {
        lock (_lock)
        {
            if (!_planned.TryGetValue(path, out var list))
            {
                _planned[path] = list = [];
            }

            list.AddLast(new Planned(trouble, times, every));
        }
    }

    /// <summary>Makes every request meet trouble: a 403 wave lasts from here to <see cref="Clear"/>.</summary>
    public void Everywhere(Trouble trouble, int times = int.MaxValue, int every = 1) => At(All, trouble, times, every);

    /// <summary>Ends the trouble of a path; all trouble where none is named.</summary>
    public void Clear(string? path = null)
    {
        lock (_lock)
        {
            if (path is null)
            {
                _planned.Clear();
            }
            else
            {
                _planned.Remove(path);
            }
        }
    }

    internal Trouble? Next(string path)
    {
        lock (_lock)
        {
            return Take(path) ?? Take(All);
        }
    }

    private Trouble? Take(string path)
    {
        if (!_planned.TryGetValue(path, out var list) || list.First is not { } first)
        {
            return null;
        }

        if (++first.Value.Asked % first.Value.Every != 0)
        {
            return null;
        }

        if (--first.Value.Times <= 0)
        {
            list.RemoveFirst();
        }

        return first.Value.Trouble;
    }

    private sealed class Planned(Trouble trouble, int times, int every)
    {
        public Trouble Trouble => trouble;

        public int Every => every;

        public int Asked { get; set; }

        public int Times { get; set; } = times;
    }
}
