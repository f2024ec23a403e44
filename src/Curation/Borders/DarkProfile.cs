using System.Numerics;

namespace MedGenCluster.Curation.Borders;

/// <summary>How many black pixels each row and column has within a window of the frame, and how deep the black strips are.</summary>
internal static class DarkProfile
{
    /// <summary>Depths of the black strips at the four sides of <paramref name="luma"/> [height,width], each measured only along
    /// the part of its side that the depths of <paramref name="known"/> leave as picture.</summary>
    public static (int Top, int Bottom, int Left, int Right) Depths(
        ReadOnlySpan<byte> luma, int width, int height, (int Top, int Bottom, int Left, int Right) known, BorderOptions options, Span<int> rows, Span<int> columns)
    {
        int x0 = known.Left, x1 = width - known.Right, y0 = known.Top, y1 = height - known.Bottom;
        columns.Clear();
        for (var y = 0; y < height; y++)
            rows[y] = CountDark(luma.Slice(y * width + x0, x1 - x0), (byte)options.MaxBlackLuma);
        CountColumns(luma, width, y0, y1, (byte)options.MaxBlackLuma, columns);
        var (maxRows, maxColumns) = ((int)(height * options.MaxDepth), (int)(width * options.MaxDepth));
        var (rowNeed, columnNeed) = ((x1 - x0) * options.BlackShare, (y1 - y0) * options.BlackShare);
        return (Run(rows, maxRows, rowNeed, false), Run(rows, maxRows, rowNeed, true), Run(columns, maxColumns, columnNeed, false), Run(columns, maxColumns, columnNeed, true));
    }

    /// <summary>True when at most 1 % of the window is brighter than <paramref name="level"/>; every fourth row is read.</summary>
    public static bool IsDark(ReadOnlySpan<byte> luma, int width, int height, (int Top, int Bottom, int Left, int Right) known, int level)
    {
        int x0 = known.Left, x1 = width - known.Right, total = 0, dark = 0;
        for (var y = known.Top; y < height - known.Bottom; y += 4)
        {
            dark += CountDark(luma.Slice(y * width + x0, x1 - x0), (byte)level);
            total += x1 - x0;
        }

        return total - dark <= total / 100;
    }

    private static int Run(ReadOnlySpan<int> counts, int max, double need, bool fromEnd)
    {
        var depth = 0;
        while (depth < max && counts[fromEnd ? counts.Length - 1 - depth : depth] >= need)
            depth++;
        return depth;
    }

    private static int CountDark(ReadOnlySpan<byte> pixels, byte level)
    {
        var count = 0;
        var i = 0;
        var limit = new Vector<byte>(level);
        while (i + Vector<byte>.Count <= pixels.Length)
        {
            // A byte lane holds at most 255 matches.
            var lanes = Vector<byte>.Zero;
            for (var n = 0; n < 255 && i + Vector<byte>.Count <= pixels.Length; n++, i += Vector<byte>.Count)
                lanes -= Vector.LessThanOrEqual(new Vector<byte>(pixels[i..]), limit);
            Vector.Widen(lanes, out var low, out var high);
            count += Vector.Sum(low + high);
        }

        for (; i < pixels.Length; i++)
            count += pixels[i] <= level ? 1 : 0;
        return count;
    }

    private static void CountColumns(ReadOnlySpan<byte> luma, int width, int y0, int y1, byte level, Span<int> columns)
    {
        var limit = new Vector<byte>(level);
        for (var x = 0; x < width; x += Vector<byte>.Count)
        {
            if (x + Vector<byte>.Count > width)
            {
                for (; x < width; x++)
                {
                    for (var y = y0; y < y1; y++)
                        columns[x] += luma[y * width + x] <= level ? 1 : 0;
                }

                return;
            }

            for (var from = y0; from < y1; from += 255)
            {
                var lanes = Vector<byte>.Zero;
                for (var y = from; y < Math.Min(y1, from + 255); y++)
                    lanes -= Vector.LessThanOrEqual(new Vector<byte>(luma[(y * width + x)..]), limit);
                for (var lane = 0; lane < Vector<byte>.Count; lane++)
                    columns[x + lane] += lanes[lane];
            }
        }
    }
}
