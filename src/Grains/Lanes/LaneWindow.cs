namespace MedGenCluster.Grains.Lanes;

/// <summary>How much one silo has on one lane, and how much it may have there. The window opens with each report and closes where the lane is busy: several silos share a lane
/// without knowing of one another.</summary>
internal sealed class LaneWindow(SiloAddress silo, string siloName, string key)
{
    /// <summary>Before the lane has told its capacity.</summary>
    private const int FirstGuess = 4;

    /// <summary>Doublings of the pause after a lane has hung again.</summary>
    private const int MostDoublings = 6;

    private int _window = FirstGuess;
    private int _hangs;

    public SiloAddress Silo => silo;

    public string SiloName => siloName;

    public string Key => key;

    public int InFlight { get; private set; }

    public int Capacity { get; private set; } = FirstGuess;

    /// <summary>Until then the lane is not asked: it was busy, did not answer, or is draining.</summary>
    public DateTimeOffset NotBefore { get; set; } = DateTimeOffset.MinValue;

    public bool HasRoom(DateTimeOffset now) => InFlight < _window && now >= NotBefore;

    public double Load => InFlight / (double)Math.Max(1, Capacity);

    public void Take() => InFlight++;

    public void Accepted(int capacity)
    {
        Capacity = Math.Max(1, capacity);
        _window = Math.Clamp(_window + 1, 1, Capacity);
    }

    public void Reported()
    {
        InFlight--;
        _window = Math.Clamp(_window + 1, 1, Capacity);
    }

    /// <summary>The lane gave no result within the limit: it is left alone for a while, longer each time, and then tried with one item. Every item that it is given costs one an attempt.</summary>
    public void Hung(DateTimeOffset now, TimeSpan limit)
    {
        if (now >= NotBefore)
        {
            NotBefore = now + (limit * (1 << Math.Min(_hangs++, MostDoublings)));
        }

        // The item in hand is still counted, and its end opens the window by one.
        _window = 0;
    }

    /// <summary>A result came: the lane does not hang.</summary>
    public void Answered() => _hangs = 0;

    /// <summary>What was taken did not come to the lane.</summary>
    public void Refused(int capacity)
    {
        InFlight--;
        Capacity = Math.Max(1, capacity);
        _window = Math.Max(1, Math.Min(_window, InFlight));
    }

    public void Lost() => InFlight--;
}
