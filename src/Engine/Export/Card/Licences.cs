namespace MedGenCluster.Engine.Export.Card;

/// <summary>Licences of the sources.</summary>
internal static class Licences
{
    public const string NotStated = "not stated";

    /// <summary>Clips by licence as the sources state it.</summary>
    public static IReadOnlyDictionary<string, long> Counts(IEnumerable<ExportClip> clips) => clips
        .GroupBy(c => string.IsNullOrWhiteSpace(c.Licence) ? NotStated : c.Licence.Trim(), StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.LongCount(), StringComparer.Ordinal);

    /// <summary>The identifiers that a dataset card's <c>license</c> field knows; everything else is <c>other</c>.</summary>
    public static IReadOnlyList<string> CardIds(IEnumerable<string> licences)
    {
        var ids = licences.Select(CardId).Distinct().Order(StringComparer.Ordinal).ToList();
        return ids.Count == 0 ? ["other"] : ids;
    }

    private static string CardId(string licence)
    {
        var text = licence.Trim().ToLowerInvariant();
        return text switch
        {
            // The platform's "Creative Commons Attribution" is version 3.0.
            "creative commons attribution license (reuse allowed)" or "creative commons attribution licence (reuse allowed)" => "cc-by-3.0",
            "cc0" or "cc0 1.0" or "cc0-1.0" => "cc0-1.0",
            "apache 2.0" or "apache-2.0" => "apache-2.0",
            "mit" => "mit",
            _ when text.Replace(' ', '-') is "cc-by-2.0" or "cc-by-3.0" or "cc-by-4.0" or "cc-by-sa-3.0" or "cc-by-sa-4.0" or "cc-by-nc-4.0"
                or "cc-by-nc-sa-4.0" or "cc-by-nc-nd-4.0" or "cc-by-nd-4.0" => text.Replace(' ', '-'),
            _ => "other",
        };
    }
}
