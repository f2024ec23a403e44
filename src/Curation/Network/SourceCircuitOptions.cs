namespace MedGenCluster.Curation.Network;

/// <summary>When a shut source is tried again, and when an item's refusals are its own.</summary>
public sealed record SourceCircuitOptions
{
    /// <summary>Rest before the first try after a circuit opens; it doubles with each try that fails.</summary>
    public TimeSpan FirstRest { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest rest between two tries, at most 5 s: an item that was refused more often than another may have to let it try
    /// first, and both rests together stay below the 10 s in which work goes on after a source has recovered.</summary>
    public TimeSpan MaxRest { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A trying item that says nothing for so long is given up, and another may try.</summary>
    public TimeSpan ProbeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>So many refusals of an item, with successes of other items between each and the next, are the item's own failure, and so is each one
    /// that follows them. The first alone opens the circuit.</summary>
    public int LoneRefusals { get; init; } = 3;

    /// <summary>A source that shut for as long as this...</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>... charges an item that it has refused so often in that time. The few items that are left at a crawl's end thus come to an end themselves,
    /// and where many wait their turns are too rare to cost anything.</summary>
    public int PatienceRefusals { get; init; } = 20;

    /// <summary>Refused items that are remembered for a source. Beyond, the one refused longest ago is forgotten.</summary>
    public int MaxItems { get; init; } = 10_000;

    /// <summary>Sources that are remembered. Beyond, a closed one is forgotten, else the one refused longest ago.</summary>
    public int MaxSources { get; init; } = 1024;

    /// <summary>One sentence for each value that cannot be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Check(FirstRest > TimeSpan.Zero && FirstRest <= MaxRest, $"circuit.firstRest must be above 0 and at most circuit.maxRest, not {FirstRest}.");
        Check(MaxRest <= TimeSpan.FromSeconds(5), $"circuit.maxRest must be at most 5 seconds, not {MaxRest}.");
        Check(ProbeLimit > TimeSpan.Zero, $"circuit.probeLimit must be above 0, not {ProbeLimit}.");
        Check(LoneRefusals >= 2, $"circuit.loneRefusals must be at least 2, not {LoneRefusals}.");
        Check(Patience > TimeSpan.Zero, $"circuit.patience must be above 0, not {Patience}.");
        Check(PatienceRefusals >= 1, $"circuit.patienceRefusals must be at least 1, not {PatienceRefusals}.");
        Check(MaxItems >= 1, $"circuit.maxItems must be at least 1, not {MaxItems}.");
        Check(MaxSources >= 1, $"circuit.maxSources must be at least 1, not {MaxSources}.");
        return errors;

        void Check(bool holds, FormattableString error)
        {
            if (!holds)
            {
                errors.Add(FormattableString.Invariant(error));
            }
        }
    }
}
