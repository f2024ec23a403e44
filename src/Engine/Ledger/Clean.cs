namespace MedGenCluster.Engine.Ledger;

/// <summary>Text as every database takes it.</summary>
internal static class Clean
{
    /// <summary>Puts U+FFFD in the place of NUL and of halves of surrogate pairs, which PostgreSQL refuses.</summary>
    public static string Text(string text)
    {
        var clean = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 ? text : string.Concat(text.EnumerateRunes());
        return clean.Contains('\0', StringComparison.Ordinal) ? clean.Replace('\0', '\uFFFD') : clean;
    }
}
