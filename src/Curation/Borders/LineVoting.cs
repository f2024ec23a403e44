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
        if (band.InwardEdges.Count < need)
            return null;
        Span<int> votes = stackalloc int[band.Rows + 2];
        Span<bool> seen = stackalloc bool[band.Columns];
        foreach (var slope in Slopes)
        {
            Vote(band, slope, votes);
            for (var row = 0; row < band.Rows && (best is null || row < best.Value.Middle - 2); row++)
            {
                // The sum over three rows bounds the support from above and has its crest at the line.
                if (Sum(votes, row) < need || (row + 1 < band.Rows && Sum(votes, row) < Sum(votes, row + 1)) || Support(band, slope, row, seen) < need)
                    continue;
                var middle = Crest(votes, row);
                best = (middle, middle - (int)Math.Round(band.Columns / 2.0 * Math.Abs(slope)));
                break;
            }
        }

        return best;
    }

    // The votes of row r are kept at r + 1, so that the neighbours of every row exist.
    private static int Sum(ReadOnlySpan<int> votes, int row) => votes[row] + votes[row + 1] + votes[row + 2];

    private static int Crest(ReadOnlySpan<int> votes, int row) =>
        votes[row + 2] > votes[row + 1] && votes[row + 2] > votes[row] ? row + 1 : votes[row] > votes[row + 1] ? row - 1 : row;

    private static int Offset(CannyBand band, double slope, int column) => (int)Math.Round((column - band.Columns / 2.0) * slope);

    private static void Vote(CannyBand band, double slope, Span<int> votes)
    {
        votes.Clear();
        foreach (var (row, column) in band.InwardEdges)
        {
            var at = row - Offset(band, slope, column);
            if (at >= 0 && at < band.Rows)
                votes[at + 1]++;
        }
    }

    private static int Support(CannyBand band, double slope, int middle, Span<bool> seen)
    {
        seen.Clear();
        foreach (var (row, column) in band.InwardEdges)
        {
            if (Math.Abs(row - middle - Offset(band, slope, column)) <= 1)
                seen[column] = true;
        }

        return seen.Count(true);
    }
}
