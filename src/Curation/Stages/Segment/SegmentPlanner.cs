using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Segmentation;
using ClipInterval = MedGenCluster.Curation.Domain.ClipInterval;

namespace MedGenCluster.Curation.Stages.Segment;

/// <summary>What the segmentation stores of a video's frames, sampled at 1 per second.</summary>
/// <param name="Medical">Probability of "medical" of frame k, 6 decimals.</param>
/// <param name="Similarity">Cosine of frames k and k + 1, 6 decimals; one fewer than frames.</param>
/// <param name="DurationSeconds">End of the timeline.</param>
/// <param name="Trouble">What the decoder complained about, if anything; the frames are sound.</param>
public sealed record FrameSeries(IReadOnlyList<double> Medical, IReadOnlyList<double> Similarity, double DurationSeconds, string? Trouble = null);

/// <summary>The intervals of a video, and how many medical runs were too short for one.</summary>
public sealed record SegmentPlan(IReadOnlyList<ClipInterval> Intervals, int TooShortRuns);

/// <summary>Plans clips from stored frame series: pure, so another tau needs no decoding.</summary>
public static class SegmentPlanner
{
    public static SegmentPlan Plan(FrameSeries series, SegmentOptions options)
    {
        bool[] medical = [.. series.Medical.Select(p => p >= options.MinMedicalProbability)];
        double[] similarity = [.. series.Similarity];
        var rule = new Segmentation.SegmentOptions
        {
            SimilarityThreshold = options.Tau,
            MinSeconds = options.MinSeconds,
            MaxSeconds = options.MaxSeconds > 0 ? options.MaxSeconds : null,
        };
        var segments = SegmentRule.Apply(medical, similarity, rule);
        var intervals =
            from run in segments.Clips
            from part in SegmentRule.Cut(run, rule).Parts
            select ClipInterval.FromSeconds(part.Start, Math.Min(part.End, series.DurationSeconds));
        return new SegmentPlan([.. intervals], segments.Rejected.Count);
    }

    /// <summary>Plans from a measurement of the segment stage.</summary>
    /// <exception cref="InvalidOperationException">It is not one.</exception>
    public static SegmentPlan Plan(Measurement measurement, SegmentOptions options) => Plan(
        StageData.Read<FrameSeries>(measurement) ?? throw new InvalidOperationException("The measurement holds no frame series."), options);
}
