namespace MedGenCluster.Curation.Duplicates;

/// <summary>Settings of the near-duplicate search. Distances are bits of 63.</summary>
public sealed record DuplicateOptions
{
    /// <summary>Two clips are near-duplicates when the mean Hamming distance over their best alignment is at most this. Measured with
    /// H.264 clips: copies (coded again, scaled, brightened, cropped by up to 5 % a side) are at 0..8, an opaque logo of 1 % of the
    /// picture at 6..10, other cuts of one slow pan from 14 up, unrelated pictures from 24 up.</summary>
    public double MaxDistance { get; init; } = 10;

    /// <summary>Share of the shorter clip's frames that must overlap, 0..1. It keeps neighbouring cuts of one scene apart.</summary>
    public double MinOverlap { get; init; } = 0.5;

    /// <summary>Fewest frames that must overlap.</summary>
    public int MinFrames { get; init; } = 3;

    /// <summary>Seconds by which two frames may differ after alignment and still be compared: a little above half of the sampling
    /// interval (0.5 s), so that the phase of the sampling does not matter.</summary>
    public double TimeTolerance { get; init; } = 0.3;

    /// <summary>Every setting that is out of range, in words; empty when all are right.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (MaxDistance is not (>= 0 and < 24))
            errors.Add(FormattableString.Invariant($"MaxDistance is {MaxDistance}; it must be at least 0 and below 24, unrelated pictures begin there."));
        if (MinOverlap is not (> 0 and <= 1))
            errors.Add(FormattableString.Invariant($"MinOverlap is {MinOverlap}; it must be above 0 and at most 1."));
        if (MinFrames < 1)
            errors.Add(FormattableString.Invariant($"MinFrames is {MinFrames}; it must be at least 1."));
        if (TimeTolerance is not (>= 0 and < double.PositiveInfinity))
            errors.Add(FormattableString.Invariant($"TimeTolerance is {TimeTolerance}; it must not be negative."));
        return errors;
    }
}
