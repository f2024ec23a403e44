namespace MedGenCluster.Engine.Export;

/// <summary>A set of numbers in short: its size, mean, standard deviation (population) and quartiles.</summary>
public sealed record Statistics(int Count, double Mean, double Std, double Min, double Q1, double Median, double Q3, double Max)
{
    /// <summary>Statistics of the finite numbers; null where there is none. The order of the numbers does not matter to the last bit.</summary>
    public static Statistics? Of(IEnumerable<double> values)
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        if (sorted.Length == 0)
            return null;
        var mean = sorted.Sum() / sorted.Length;
        var variance = sorted.Sum(v => (v - mean) * (v - mean)) / sorted.Length;
        return new(sorted.Length, mean, Math.Sqrt(variance), sorted[0],
            Quantile(sorted, 0.25), Quantile(sorted, 0.5), Quantile(sorted, 0.75), sorted[^1]);
    }

    /// <summary>Quantile by linear interpolation between the neighbours of position q * (n - 1).</summary>
    /// <param name="sorted">Ascending, not empty.</param>
    /// <param name="q">0 to 1.</param>
    public static double Quantile(IReadOnlyList<double> sorted, double q)
    {
        var position = q * (sorted.Count - 1);
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
    }
}
