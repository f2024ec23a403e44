namespace MedGenCluster.Curation.Segmentation;

/// <summary>A maximal run of medical, mutually similar frames; both ends belong to it.</summary>
/// <param name="First">Index of the first frame, at 1 frame per second also its time in seconds.</param>
/// <param name="Last">Index of the last frame.</param>
public readonly record struct FrameRun(int First, int Last)
{
    /// <summary>Length in seconds, the paper's j - i.</summary>
    public int Seconds => Last - First;

    public int Frames => Last - First + 1;
}

/// <summary>A run that is too short for a clip, with the reason in words.</summary>
public sealed record RejectedRun(FrameRun Run, string Reason);

/// <summary>What the rule makes of one video: clips and rejected runs, each in time order.</summary>
public sealed record Segmentation(IReadOnlyList<FrameRun> Clips, IReadOnlyList<RejectedRun> Rejected);

/// <summary>A part of a clip in seconds from the start of the video.</summary>
/// <param name="Start">Start in seconds, may be a fraction.</param>
/// <param name="End">End in seconds; neighbouring parts share it.</param>
public readonly record struct ClipInterval(double Start, double End)
{
    public double Seconds => End - Start;
}

/// <summary>The parts of one clip.</summary>
/// <param name="Parts">At least one part, in time order.</param>
/// <param name="Trimmed">True when the end of the clip was dropped because equal parts would have been too short.</param>
public sealed record ClipSplit(IReadOnlyList<ClipInterval> Parts, bool Trimmed);

/// <summary>From frame decisions to clips (arXiv 2507.05675 section 3.1): [x_i, x_j] is a clip when j - i is at least 6, every
/// frame is medical and every adjacent similarity is above tau. Only maximal runs are taken, so clips never overlap.</summary>
public static class SegmentRule
{
    /// <summary>Applies the rule.</summary>
    /// <param name="medical">C(x_k) of each frame, sampled at 1 per second.</param>
    /// <param name="similarities">S(x_{k+1}, x_k), one fewer than frames (none for no frames).</param>
    /// <param name="options">tau and the shortest clip.</param>
    /// <exception cref="ArgumentException">The lengths do not belong together.</exception>
    public static Segmentation Apply(ReadOnlySpan<bool> medical, ReadOnlySpan<double> similarities, SegmentOptions options)
    {
        var clips = new List<FrameRun>();
        var rejected = new List<RejectedRun>();
        foreach (var run in Runs(medical, similarities, options.SimilarityThreshold))
        {
            if (run.Seconds >= options.MinSeconds)
                clips.Add(run);
            else
                rejected.Add(new RejectedRun(run, FormattableString.Invariant($"run of {run.Seconds} s is shorter than {options.MinSeconds} s")));
        }

        return new Segmentation(clips, rejected);
    }

    /// <summary>All maximal runs of medical frames whose adjacent similarities are strictly above tau, single frames included.
    /// A similarity that is not a number breaks a run.</summary>
    public static IReadOnlyList<FrameRun> Runs(ReadOnlySpan<bool> medical, ReadOnlySpan<double> similarities, double tau)
    {
        if (similarities.Length != Math.Max(0, medical.Length - 1))
            throw new ArgumentException($"{medical.Length} frames need {Math.Max(0, medical.Length - 1)} similarities, not {similarities.Length}.", nameof(similarities));
        var runs = new List<FrameRun>();
        var first = -1;
        for (var k = 0; k < medical.Length; k++)
        {
            if (!medical[k])
            {
                first = -1;
                continue;
            }

            if (first < 0)
                first = k;
            if (k + 1 == medical.Length || !medical[k + 1] || !(similarities[k] > tau))
            {
                runs.Add(new FrameRun(first, k));
                first = -1;
            }
        }

        return runs;
    }

    /// <summary>Cuts a clip into equal parts of at most <paramref name="maxSeconds"/>. Where equal parts would be shorter than
    /// <paramref name="minSeconds"/> (with 6 and 10: between 10 and 12 s), one part of exactly <paramref name="maxSeconds"/> is
    /// kept from the start and the rest is dropped.</summary>
    /// <param name="start">Start of the clip in seconds.</param>
    /// <param name="seconds">Length of the clip in seconds.</param>
    /// <param name="minSeconds">Shortest part.</param>
    /// <param name="maxSeconds">Longest part, positive and not below <paramref name="minSeconds"/>.</param>
    public static ClipSplit Split(double start, double seconds, double minSeconds = 6, double maxSeconds = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxSeconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minSeconds, maxSeconds);
        if (seconds <= maxSeconds)
            return new ClipSplit([new ClipInterval(start, start + seconds)], false);
        var count = (int)Math.Ceiling(seconds / maxSeconds);
        if (seconds / count < minSeconds)
            return new ClipSplit([new ClipInterval(start, start + maxSeconds)], true);
        var parts = new ClipInterval[count];
        for (var k = 0; k < count; k++)
            parts[k] = new ClipInterval(Boundary(k), Boundary(k + 1));
        return new ClipSplit(parts, false);

        double Boundary(int k) => start + seconds * k / count;
    }

    /// <summary>The intervals to cut from the video for one clip under the options: the whole clip, or its parts where
    /// <see cref="SegmentOptions.MaxSeconds"/> is set.</summary>
    public static ClipSplit Cut(FrameRun clip, SegmentOptions options) => options.MaxSeconds is { } max
        ? Split(clip.First, clip.Seconds, options.MinSeconds, max)
        : new ClipSplit([new ClipInterval(clip.First, clip.Last)], false);
}
