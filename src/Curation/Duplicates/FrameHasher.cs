using System.Buffers;
using MedGenCluster.Curation.Imaging;

namespace MedGenCluster.Curation.Duplicates;

/// <summary>DCT hash of a frame (the perceptual hash of Zauner 2010): luma averaged to 32x32, the 8x8 lowest frequencies of its
/// cosine transform without the mean, one bit each for "above their median". Bits are in zigzag order, the lowest and most robust
/// frequencies first; 63 bits are used.</summary>
public static class FrameHasher
{
    /// <summary>Frequencies along one side.</summary>
    private const int Low = 8;

    // Half of the coefficients must exceed this (orthonormal transform of 0..255). Noise of three levels in a small picture stays
    // below it, and the bits of weaker coefficients would be decided by noise.
    private const double MinMagnitude = 0.75;

    private static readonly double[,] Basis = CosineBasis();
    private static readonly (int U, int V)[] Zigzag =
        [.. Enumerable.Range(1, Low * Low - 1).Select(i => (i % Low, i / Low)).OrderBy(f => f.Item1 + f.Item2).ThenBy(f => f.Item1)];

    /// <summary>Hashes a frame; null when it has too little structure (a uniform colour, a fade) to be told from others.</summary>
    public static FrameHash? Hash(Rgb24View frame)
    {
        WindowAverage[] windows = [new(frame.Width, frame.Height, 1), new(frame.Width, frame.Height, 0.95), new(frame.Width, frame.Height, 0.9)];
        var luma = ArrayPool<byte>.Shared.Rent(frame.Width);
        var prefix = ArrayPool<int>.Shared.Rent(frame.Width + 1);
        try
        {
            var sums = prefix.AsSpan(0, frame.Width + 1);
            var line = luma.AsSpan(0, frame.Width);
            for (var y = 0; y < frame.Height; y++)
            {
                Luma.Convert(frame.Row(y), line);
                var sum = sums[0] = 0;
                for (var x = 0; x < line.Length; x++)
                    sums[x + 1] = sum += line[x];
                foreach (var window in windows)
                    window.Add(y, sums);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(luma);
            ArrayPool<int>.Shared.Return(prefix);
        }

        return Bits(windows[0].Finish()) is { } whole && Bits(windows[1].Finish()) is { } inner95 && Bits(windows[2].Finish()) is { } inner90
            ? new FrameHash(whole, inner95, inner90)
            : null;
    }

    private static ulong? Bits(ReadOnlySpan<double> cells)
    {
        Span<double> frequencies = stackalloc double[Zigzag.Length];
        Transform(cells, frequencies);
        Span<double> sorted = stackalloc double[Zigzag.Length];
        for (var i = 0; i < sorted.Length; i++)
            sorted[i] = Math.Abs(frequencies[i]);
        sorted.Sort();
        if (sorted[sorted.Length / 2] < MinMagnitude)
            return null;
        frequencies.CopyTo(sorted);
        sorted.Sort();
        var median = sorted[sorted.Length / 2];
        var bits = 0UL;
        for (var i = 0; i < frequencies.Length; i++)
            bits |= frequencies[i] > median ? 1UL << i : 0;
        return bits;
    }

    private static void Transform(ReadOnlySpan<double> cells, Span<double> frequencies)
    {
        const int Cells = WindowAverage.Cells;
        Span<double> half = stackalloc double[Cells * Low];
        for (var y = 0; y < Cells; y++)
        {
            for (var u = 0; u < Low; u++)
            {
                var sum = 0.0;
                for (var x = 0; x < Cells; x++)
                    sum += cells[y * Cells + x] * Basis[u, x];
                half[y * Low + u] = sum;
            }
        }

        for (var i = 0; i < Zigzag.Length; i++)
        {
            var (u, v) = Zigzag[i];
            var sum = 0.0;
            for (var y = 0; y < Cells; y++)
                sum += half[y * Low + u] * Basis[v, y];
            frequencies[i] = sum;
        }
    }

    private static double[,] CosineBasis()
    {
        const int Cells = WindowAverage.Cells;
        var basis = new double[Low, Cells];
        for (var k = 0; k < Low; k++)
        {
            for (var n = 0; n < Cells; n++)
                basis[k, n] = Math.Sqrt((k == 0 ? 1.0 : 2.0) / Cells) * Math.Cos((n + 0.5) * k * Math.PI / Cells);
        }

        return basis;
    }
}
