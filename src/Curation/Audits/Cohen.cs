namespace MedGenCluster.Curation.Audits;

/// <summary>Agreement of two raters beyond chance (J. Cohen, 1960), unweighted.</summary>
public static class Cohen
{
    /// <summary>kappa = (po - pe) / (1 - pe): po is the share of equal labels, pe the sum over labels of the product of both raters' shares.</summary>
    /// <param name="a">Labels that one rater gave.</param>
    /// <param name="b">Labels of the other, of the same things in the same order.</param>
    /// <returns>At most 1; null where it is undefined: without labels, or when both used one and the same label throughout.</returns>
    /// <exception cref="ArgumentException">The raters labelled different numbers of things.</exception>
    public static double? Kappa<T>(IReadOnlyList<T> a, IReadOnlyList<T> b)
        where T : notnull
    {
        if (a.Count != b.Count)
        {
            throw new ArgumentException($"One rater gave {a.Count} labels, the other {b.Count}.", nameof(b));
        }

        if (a.Count == 0)
        {
            return null;
        }

        var (ofA, ofB) = (a.CountBy(label => label).ToDictionary(), b.CountBy(label => label).ToDictionary());
        long n = a.Count;
        var equal = a.Zip(b).LongCount(pair => EqualityComparer<T>.Default.Equals(pair.First, pair.Second));
        // Counted, not divided: chance agreement is certain exactly when the sum of products is n squared.
        var chance = ofA.Sum(pair => (long)pair.Value * ofB.GetValueOrDefault(pair.Key));
        return chance == n * n ? null : ((equal * n) - chance) / (double)((n * n) - chance);
    }
}
