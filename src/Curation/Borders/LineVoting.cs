namespace MedGenCluster.Curation.Borders;

/// <summary>Hough's vote for lines that run along a side: each edge pixel votes for its offset under a few angles of at most one
/// degree (Duda and Hart 1972, restricted to the angles that a bar can have).</summary>
internal static class LineVoting
{
    private static readonly double[] Slopes = [.. new[] { 0, -0.5, 0.5, -1.0, 1.0 }.Select(degrees => Math.Tan(degrees * Math.PI / 180))];

    /// <summary>Rows that a line of one degree climbs over a length, to one side of its middle.</summary>
    public static int Climb(int columns) => (int)Math.Ceiling(columns / 2.0 * Slopes[^1]);

    /// <summary>The outermost line that enough columns support, as its row at the middle of the band and its outermost row; null when
    /// there is none. A column supports a line when it has an edge pixel within one row of it.</summary>
    public static (int Middle, int Outermost)? Outermost(CannyBand band, double support)
    {
        (int Middle, int Outermost)? best = null;
        var need = (int)Math.Ceiling(band.Columns * support);
        Span<int> votes = stackalloc int[band.Rows];
        foreach (var slope in Slopes)
        {
            Vote(band, slope, votes);
            for (var row = 0; row < band.Rows && (best is null || row < best.Value.Middle - 2); row++)
            {
                // The sum over three rows bounds the support from above and has its crest at the line.
                var sum = Sum(votes, row);
                if (sum < need || sum < Sum(votes, row + 1) || Support(band, slope, row) < need)
                    continue;
                best = (row, row - (int)Math.Round(band.Columns / 2.0 * Math.Abs(slope)));
                break;
            }
        }

        return best;
    }

    private static int Sum(ReadOnlySpan<int> votes, int row) =>
        (row > 0 && row - 1 < votes.Length ? votes[row - 1] : 0) + (row < votes.Length ? votes[row] : 0) + (row + 1 < votes.Length ? votes[row + 1] : 0);

    private static int Offset(CannyBand band, double slope, int column) => (int)Math.Round((column - band.Columns / 2.0) * slope);

    private static void Vote(CannyBand band, double slope, Span<int> votes)
    {
        votes.Clear();
        for (var column = 0; column < band.Columns; column++)
        {
            var offset = Offset(band, slope, column);
            for (var row = 0; row < band.Rows; row++)
            {
                if (band.IsInwardEdge(row, column) && (uint)(row - offset) < (uint)votes.Length)
                    votes[row - offset]++;
            }
        }
    }

    private static int Support(CannyBand band, double slope, int middle)
    {
        var count = 0;
        for (var column = 0; column < band.Columns; column++)
        {
            var line = middle + Offset(band, slope, column);
            for (var row = Math.Max(line - 1, 0); row <= Math.Min(line + 1, band.Rows - 1); row++)
            {
                if (!band.IsInwardEdge(row, column))
                    continue;
                count++;
                break;
            }
        }

        return count;
    }
}
