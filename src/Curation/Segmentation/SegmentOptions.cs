namespace MedGenCluster.Curation.Segmentation;

/// <summary>Settings of the segment rule. Frames are sampled at 1 per second, so frame numbers are seconds.</summary>
public sealed record SegmentOptions
{
    /// <summary>tau: adjacent frames belong together when their similarity is strictly greater. The paper gives no number; 0.8 is
    /// the lower edge of "similar" in comparable pipelines with the same statistic. Range -1..1.</summary>
    public double SimilarityThreshold { get; init; } = 0.8;

    /// <summary>Shortest clip in seconds, j - i of the paper's rule. At least 0.</summary>
    public double MinSeconds { get; init; } = 6;

    /// <summary>Longest clip in seconds for <see cref="SegmentRule.Split"/>; null keeps clips of any length, as the paper does.</summary>
    public double? MaxSeconds { get; init; }

    /// <summary>Every setting that is out of range, in words; empty when all are right.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (SimilarityThreshold is not (>= -1 and <= 1))
            errors.Add($"SimilarityThreshold is {SimilarityThreshold}; it must be between -1 and 1.");
        if (MinSeconds is not (>= 0 and < double.PositiveInfinity))
            errors.Add($"MinSeconds is {MinSeconds}; it must not be negative.");
        if (MaxSeconds is { } max && !(max > 0 && max >= MinSeconds))
            errors.Add($"MaxSeconds is {max}; it must be positive and not below MinSeconds ({MinSeconds}).");
        return errors;
    }
}
