namespace MedGenCluster.Curation.Imaging;

/// <summary>Horizontal taps laid out for multiply-add of 16-bit pairs: each output reads <see cref="Groups"/> groups of four
/// pixels. A weight w is split as w = high * 2^11 + low, so that both halves fit 16 bits and the sums stay exact.</summary>
internal sealed class PairedTaps
{
    public const int LowBits = 11;

    /// <summary>The last load takes 16 bytes of which 12 are used: bytes that must be readable behind the row.</summary>
    public const int ReadAhead = 4;

    // Above this the sum of the low halves could leave 31 bits (2047 * 255 * 4096).
    private const int MaxTaps = 2048;

    private PairedTaps(int rowBytes, int groups, int[] firstByte, short[] weights)
    {
        RowBytes = rowBytes;
        Groups = groups;
        FirstByte = firstByte;
        Weights = weights;
    }

    /// <summary>Bytes of an input row.</summary>
    public int RowBytes { get; }

    public int Groups { get; }

    /// <summary>Byte offset in the row at which an output's first group starts.</summary>
    public int[] FirstByte { get; }

    /// <summary>Per output and group 32 values: 16 high halves [R R G G B B 0 0 | R R G G B B 0 0], then 16 low halves.</summary>
    public short[] Weights { get; }

    /// <summary>Null where a row is shorter than the groups, or the taps are too many.</summary>
    public static PairedTaps? TryCreate(BicubicWindow window)
    {
        var most = 0;
        foreach (var count in window.Count)
            most = Math.Max(most, count);
        var groups = (most + 3) / 4;
        var lastStart = window.InputSize - groups * 4;
        if (lastStart < 0 || most > MaxTaps)
            return null;
        var outputs = window.First.Length;
        var firstByte = new int[outputs];
        var weights = new short[outputs * groups * 32];
        for (var o = 0; o < outputs; o++)
        {
            // Near the right edge the window starts earlier with zero weights, so that the groups stay within the row.
            var start = Math.Min(window.First[o], lastStart);
            firstByte[o] = start * 3;
            for (var i = 0; i < window.Count[o]; i++)
                Put(weights.AsSpan(o * groups * 32, groups * 32), window.First[o] - start + i, window.Weights[o * window.Stride + i]);
        }

        return new PairedTaps(window.InputSize * 3, groups, firstByte, weights);
    }

    private static void Put(Span<short> output, int tap, int weight)
    {
        var at = tap / 4 * 32 + tap % 4 / 2 * 8 + tap % 2;
        for (var channel = 0; channel < 3; channel++)
        {
            output[at + channel * 2] = (short)(weight >> LowBits);
            output[at + channel * 2 + 16] = (short)(weight & ((1 << LowBits) - 1));
        }
    }
}
