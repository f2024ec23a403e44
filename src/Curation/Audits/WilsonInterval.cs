namespace MedGenCluster.Curation.Audits;

/// <summary>Wilson's 95 % score interval for a share (E. B. Wilson, 1927). Few observations give a wide one: 1 of 1 has a lower bound below that of 95 of 100.</summary>
public readonly record struct WilsonInterval(double Low, double High)
{
    /// <summary>Standard deviations of the two-sided 95 % interval.</summary>
    private const double Z = 1.959963984540054;

    /// <param name="hits">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">At least 0.</param>
    /// <returns>Within 0 to 1; all of it without trials.</returns>
    public static WilsonInterval Of(long hits, long trials)
    {
        if (trials <= 0)
        {
            return new WilsonInterval(0, 1);
        }

        double n = trials;
        var share = Math.Clamp(hits / n, 0, 1);
        var square = Z * Z;
        var centre = share + (square / (2 * n));
        var spread = Z * Math.Sqrt(((share * (1 - share)) + (square / (4 * n))) / n);
        var scale = 1 + (square / n);
        return new WilsonInterval(Math.Max(0, (centre - spread) / scale), Math.Min(1, (centre + spread) / scale));
    }
}
