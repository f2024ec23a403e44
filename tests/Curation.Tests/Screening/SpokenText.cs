using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace MedGenCluster.Curation.Tests.Screening;

/// <summary>A text in pieces of which each is known as it is written and as it is understood; the pieces join into words, accents and gaps in every way.</summary>
internal sealed record SpokenText((string Written, string Understood)[] Pieces)
{
    /// <summary>What stands for any sign that is neither letter, digit, space nor apostrophe.</summary>
    public const string Sign = "\u001A";

    private static readonly (string, string)[] Vocabulary =
    [
        ("heart", "heart"), ("HEART", "heart"), ("hea", "hea"), ("rt", "rt"), ("failure", "failure"), ("Failure", "failure"), ("he\u0301art", "heart"), ("h\u00E9art", "heart"),
        ("x", "x"), ("X", "x"), ("ray", "ray"), ("gold", "gold"), ("of", "of"), ("cardiomyopathy", "cardiomyopathy"), ("CardiomyopathY", "cardiomyopathy"), ("cardiomyopathies", "cardiomyopathies"),
        ("\u00F6dem", "odem"), ("\u00DF", "ss"), ("\u00E6", "ae"), ("\uFF48eart", "heart"), ("\U0001D421eart", "heart"), ("\u212A", "k"), ("s", "s"), ("7", "7"), ("\u0663", "\u0663"),
        (" ", " "), (" ", " "), (" ", " "), ("-", " "), ("\n", " "), ("\t", " "), ("\u00A0", " "), ("\u2014", " "), ("  ", " "),
        ("'", "'"), ("\u2019", "'"), ("_", "_"), (".", "."), ("\"", "\""), ("\\", "\\"), ("/", "/"), ("u", "u"), ("n", "n"),
        ("\u5FC3\u810F", "\u5FC3\u810F"), ("\u0416", "\u0436"), ("\u0964", Sign), ("\u3002", Sign), ("\u2764\uFE0F", Sign), ("\U0001F525", Sign), ("\u200D", ""), ("\u0301", ""), ("\u00AD", ""), ("\u201C", Sign),
    ];

    private static readonly (string, string)[] Plain = [.. Vocabulary.Where(piece => piece.Item1.All(char.IsAscii))];

    // Few pieces at a time: one that must be folded hides how the others are read without folding.
    public static readonly Gen<SpokenText> Any =
        from vocabulary in Gen.Elements(Vocabulary, Plain, Plain, [.. Plain, ("\u0416", "\u0436"), ("\u3002", Sign), ("\u2764\uFE0F", Sign), ("\U0001F525", Sign), ("\u201C", Sign)])
        from length in Gen.Choose(0, 30)
        from pieces in Gen.Elements(vocabulary).ArrayOf(length)
        select new SpokenText(pieces);

    public string Written => string.Concat(Pieces.Select(piece => piece.Written));

    /// <summary>The normal form: what is understood, with one space for every run of spaces.</summary>
    public string Understood
    {
        get
        {
            var form = new StringBuilder();
            foreach (var letter in string.Concat(Pieces.Select(piece => piece.Understood)))
            {
                if (letter != ' ' || form.Length == 0 || form[^1] != ' ')
                {
                    form.Append(letter);
                }
            }

            return form.ToString();
        }
    }

    /// <summary>The terms that occur, by the definition: whole words of the normal form, outside of every excluded phrase.</summary>
    public static SortedSet<string> Naive(string understood, IEnumerable<string> terms, IEnumerable<string> exclusions)
    {
        var covered = exclusions.SelectMany(phrase => Occurrences(understood, phrase)).ToList();
        return [.. terms.Where(term => Occurrences(understood, term).Any(found => !covered.Any(cover => cover.Start <= found.Start && found.End <= cover.End)))];
    }

    private static IEnumerable<(int Start, int End)> Occurrences(string text, string phrase)
    {
        for (var start = text.IndexOf(phrase, StringComparison.Ordinal); start >= 0; start = text.IndexOf(phrase, start + 1, StringComparison.Ordinal))
        {
            var end = start + phrase.Length;
            if ((start == 0 || !char.IsLetterOrDigit(text[start - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
            {
                yield return (start, end);
            }
        }
    }

    public override string ToString() => Written;
}
