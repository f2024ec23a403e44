using System.Numerics;

namespace MedGenCluster.Curation.Duplicates;

/// <summary>The best alignment of two clips.</summary>
/// <param name="Distance">Mean Hamming distance over the overlap, in bits of 63.</param>
/// <param name="OffsetSeconds">Time in the second clip at which the first one starts.</param>
/// <param name="Frames">Frames that overlap.</param>
public readonly record struct ClipAlignment(double Distance, double OffsetSeconds, int Frames);

/// <summary>Distance of two clips: the smallest mean Hamming distance over all time offsets with enough overlap, and over the pairs
/// of windows that a crop can make correspond.</summary>
public static class FingerprintDistance
{
    private const int Pairings = 5;

    /// <summary>Aligns two clips; null when they do not overlap enough at any offset.</summary>
    public static ClipAlignment? Align(ClipFingerprint first, ClipFingerprint second, DuplicateOptions options)
    {
        var a = first.Frames;
        var b = second.Frames;
        if (a.IsEmpty || b.IsEmpty)
            return null;
        var need = Math.Max(options.MinFrames, (int)Math.Ceiling(Math.Min(a.Length, b.Length) * options.MinOverlap));
        ClipAlignment? best = null;
        // With regular sampling every overlap begins with the first frame of one of the two.
        for (var j = 0; j < b.Length; j++)
            Try(a, b, b[j].Seconds - a[0].Seconds, need, options.TimeTolerance, ref best);
        for (var i = 1; i < a.Length; i++)
            Try(a, b, b[0].Seconds - a[i].Seconds, need, options.TimeTolerance, ref best);
        return best;
    }

    /// <summary>True when the two are near-duplicates under the options.</summary>
    public static bool AreNear(ClipFingerprint first, ClipFingerprint second, DuplicateOptions options) =>
        Align(first, second, options) is { } alignment && alignment.Distance <= options.MaxDistance;

    private static void Try(ReadOnlySpan<HashedFrame> a, ReadOnlySpan<HashedFrame> b, double offset, int need, double tolerance, ref ClipAlignment? best)
    {
        Span<int> sums = stackalloc int[Pairings];
        sums.Clear();
        var count = 0;
        var j = 0;
        for (var i = 0; i < a.Length; i++)
        {
            var at = a[i].Seconds + offset;
            while (j + 1 < b.Length && Math.Abs(b[j + 1].Seconds - at) < Math.Abs(b[j].Seconds - at))
                j++;
            if (Math.Abs(b[j].Seconds - at) > tolerance)
                continue;
            count++;
            var (x, y) = (a[i].Hash, b[j].Hash);
            sums[0] += BitOperations.PopCount(x.Whole ^ y.Whole);
            sums[1] += BitOperations.PopCount(x.Whole ^ y.Inner95);
            sums[2] += BitOperations.PopCount(x.Whole ^ y.Inner90);
            sums[3] += BitOperations.PopCount(x.Inner95 ^ y.Whole);
            sums[4] += BitOperations.PopCount(x.Inner90 ^ y.Whole);
        }

        if (count < need)
            return;
        foreach (var sum in sums)
        {
            var distance = (double)sum / count;
            if (best is null || distance < best.Value.Distance)
                best = new ClipAlignment(distance, offset, count);
        }
    }
}
