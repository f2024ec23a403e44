using System.Text.RegularExpressions;

namespace MedGenCluster.Curation.Sources;

/// <summary>What a licence, as a source words it, allows.</summary>
public static partial class Licences
{
    /// <summary>True for any Creative Commons licence or dedication: "Creative Commons Attribution license (reuse allowed)", "CC BY-SA 4.0", "cc0",
    /// a creativecommons.org address. False where nothing is stated.</summary>
    public static bool IsCreativeCommons(string? licence) => licence is not null && CreativeCommons().IsMatch(licence);

    [GeneratedRegex(@"creative\s*commons|^\s*cc0\b|(?<![a-z])cc[\s-]+(by|0|zero|pdm)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CreativeCommons();
}
