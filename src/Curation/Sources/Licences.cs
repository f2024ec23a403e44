using System.Text.RegularExpressions;

namespace MedGenCluster.Curation.Sources;

/// <summary>Licences as sources state them.</summary>
public static partial class Licences
{
    /// <summary>Whether a statement names a Creative Commons licence or the public-domain tools of Creative Commons (CC0, the public domain mark):
    /// in words ("Creative Commons Attribution license (reuse allowed)"), as an identifier ("CC BY-SA 4.0", "cc-by") or as an address of
    /// creativecommons.org. Which one, and so whether changes or commercial use are allowed, is not judged. Nothing stated is no.</summary>
    public static bool IsCreativeCommons(string? licence)
    {
        if (string.IsNullOrWhiteSpace(licence))
        {
            return false;
        }

        var text = licence.Trim();
        return !Negated().IsMatch(text) && (Words().IsMatch(text) || Identifier().IsMatch(text) || Address().IsMatch(text));
    }

    [GeneratedRegex(@"\bcreative[\s_-]*commons\b(?!\.org)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    // CC alone is also "closed captions" and "credit card": it counts only with what a licence adds to it.
    [GeneratedRegex(@"(?<![A-Za-z0-9])cc([\s_-]*0|[\s_-]+(zero|pdm)|[\s_-]*by([\s_-]+(nc|nd|sa))*([\s_-]*v?\d(\.\d)?)?)(?![A-Za-z0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\Ahttps?://(www\.)?creativecommons\.org/(licenses|publicdomain)/[a-z]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex(@"\b(no|not|non)\b[^.]{0,20}\b(creative[\s_-]*commons|cc[\s_-]*by)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Negated();
}
