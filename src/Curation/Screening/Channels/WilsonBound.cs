namespace MedGenCluster.Curation.Screening.Channels;

/// <summary>The lower end of Wilson's score interval for a share (E. B. Wilson, 1927): few observations give a low bound, so that 1 of 1 does not come before
/// 95 of 100.</summary>
public static class WilsonBound
{
    /// <summary>Standard deviations of the two-sided 95 % interval.</summary>
    private const double Z = 1.959963984540054;

    /// <param name="hits">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">At least 0.</param>
    /// <returns>0 to 1; 0 without trials.</returns>
    public static double Lower(long hits, long trials)
    {
        if (trials <= 0)
        {
            return 0;
        }

        double n = trials;
        var share = Math.Clamp(hits / n, 0, 1);
        var square = Z * Z;
        var spread = Z * Math.Sqrt(((share * (1 - share)) + (square / (4 * n))) / n);
        return Math.Max(0, (share + (square / (2 * n)) - spread) / (1 + (square / n)));
    }
}
