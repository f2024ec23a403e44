namespace MedGenCluster.Engine.Export.Charts;

/// <summary>Equal bins of round width over a set of numbers.</summary>
/// <param name="Start">Lower edge of the first bin.</param>
/// <param name="Width">Width of a bin.</param>
/// <param name="Counts">Numbers in [Start + i * Width, Start + (i + 1) * Width), the last bin including its upper edge.</param>
internal sealed record Bins(double Start, double Width, IReadOnlyList<int> Counts)
{
    private const int Most = 30;

    public double End => Start + Width * Counts.Count;

    /// <summary>Bins by the rule of Freedman and Diaconis, at most about thirty; whole numbers get whole widths, and a bin of width one is
    /// centred on its number. Equal numbers give one bin around them.</summary>
    /// <param name="values">Finite, not empty.</param>
    /// <param name="integral">True if the numbers are whole.</param>
    public static Bins Of(IReadOnlyList<double> values, bool integral)
    {
        var sorted = values.Order().ToArray();
        var (min, max) = (sorted[0], sorted[^1]);
        if (max <= min)
        {
            var width = integral ? 1 : min == 0 ? 1 : Ticks.Nice(Math.Abs(min) / 10);
            return new(min - width / 2, width, [sorted.Length]);
        }

        var spread = Statistics.Quantile(sorted, 0.75) - Statistics.Quantile(sorted, 0.25);
        var raw = Math.Max(2 * spread / Math.Cbrt(sorted.Length), (max - min) / Most);
        var w = Ticks.NearestNice(Math.Min(raw, (max - min) / 4));
        if (integral)
            w = Math.Max(1, w);
        var start = integral && w == 1 ? min - 0.5 : Math.Floor(min / w + 1e-9) * w;
        // A real maximum on an edge belongs to the bin below it; a whole one opens its own.
        var bins = integral ? Math.Floor((max - start) / w + 1e-9) + 1 : Math.Ceiling((max - start) / w - 1e-9);
        var counts = new int[Math.Max(1, (int)bins)];
        foreach (var value in sorted)
            counts[Math.Clamp((int)Math.Floor((value - start) / w + 1e-9), 0, counts.Length - 1)]++;
        return new(start, w, counts);
    }
}
