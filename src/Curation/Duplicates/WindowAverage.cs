namespace MedGenCluster.Curation.Duplicates;

/// <summary>Mean luma of 32x32 cells of a central window of a picture, fed row by row. Cell borders may fall within pixels; a pixel
/// counts for each cell by the share of its area.</summary>
internal sealed class WindowAverage
{
    public const int Cells = 32;

    private readonly double left;
    private readonly double top;
    private readonly double cellWidth;
    private readonly double cellHeight;
    private readonly double[] sums = new double[Cells * Cells];
    private readonly double[] row = new double[Cells];

    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="share">Side of the window as a share of the picture's, above 0 and at most 1.</param>
    public WindowAverage(int width, int height, double share)
    {
        left = width * (1 - share) / 2;
        top = height * (1 - share) / 2;
        cellWidth = width * share / Cells;
        cellHeight = height * share / Cells;
    }

    /// <summary>Adds row <paramref name="y"/>, given as sums of luma before each column, [width + 1].</summary>
    public void Add(int y, ReadOnlySpan<int> prefix)
    {
        var from = Math.Max(y, top);
        var to = Math.Min(y + 1, top + Cells * cellHeight);
        if (from >= to)
            return;
        var before = Before(prefix, left);
        for (var x = 0; x < Cells; x++)
        {
            var after = Before(prefix, left + (x + 1) * cellWidth);
            row[x] = after - before;
            before = after;
        }

        while (from < to)
        {
            var cell = Math.Min((int)((from - top) / cellHeight), Cells - 1);
            var end = cell == Cells - 1 ? to : Math.Min(to, Math.Max(top + (cell + 1) * cellHeight, Math.BitIncrement(from)));
            for (var x = 0; x < Cells; x++)
                sums[cell * Cells + x] += row[x] * (end - from);
            from = end;
        }
    }

    /// <summary>Mean luma of every cell, [32,32].</summary>
    public ReadOnlySpan<double> Finish()
    {
        var area = cellWidth * cellHeight;
        for (var i = 0; i < sums.Length; i++)
            sums[i] /= area;
        return sums;
    }

    private static double Before(ReadOnlySpan<int> prefix, double x)
    {
        var whole = Math.Min((int)x, prefix.Length - 2);
        return prefix[whole] + (x - whole) * (prefix[whole + 1] - prefix[whole]);
    }
}
