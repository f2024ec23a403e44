namespace MedGenCluster.Grains.Lanes;

/// <summary>How much one silo has on one lane, and how much it may have there. The window opens with each report and closes where the lane is busy: several silos share a lane
/// without knowing of one another.</summary>
internal sealed class LaneWindow(SiloAddress silo, string siloName, string key)
{
    /// <summary>Before the lane has told its capacity.</summary>
    private const int FirstGuess = 4;

    private int _window = FirstGuess;

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

    /// <summary>What was taken did not come to the lane.</summary>
    public void Refused(int capacity)
    {
        InFlight--;
        Capacity = Math.Max(1, capacity);
        _window = Math.Max(1, Math.Min(_window, InFlight));
    }

    public void Lost() => InFlight--;
}
