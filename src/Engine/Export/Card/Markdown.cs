using System.Globalization;
using System.Text;

namespace MedGenCluster.Engine.Export.Card;

/// <summary>Text from outside as Markdown and YAML that shows it and never acts on it.</summary>
internal static class Markdown
{
    private const string Special = "\\`*_{}[]()#|~$!:@^=+-.\"'";

    /// <summary>One line of literal text: markup characters are escaped, control characters and line breaks become spaces, halves of
    /// surrogate pairs U+FFFD, and what is longer than <paramref name="most"/> characters is shortened.</summary>
    public static string Literal(string? text, int most = 120)
    {
        var literal = new StringBuilder();
        var length = 0;
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (length++ == most)
            {
                literal.Append('…');
                break;
            }

            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format)
                literal.Append(' ');
            else if (rune.Value is '<')
                literal.Append("&lt;");
            else if (rune.Value is '>')
                literal.Append("&gt;");
            else if (rune.Value is '&')
                literal.Append("&amp;");
            else if (rune.IsAscii && NeedsEscape(literal, (char)rune.Value))
                literal.Append('\\').Append((char)rune.Value);
            else
                literal.Append(rune.ToString());
        }

        return literal.ToString().Trim();
    }

    /// <summary>Literal text in code style, for names of fields and scores; back ticks have no place in it and become apostrophes.</summary>
    public static string Code(string text)
    {
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
            clean.Append(Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) ? " " : rune.Value switch { '`' => "'", '|' => "\\|", _ => rune.ToString() });
        return "`" + (clean.ToString().Trim() is { Length: > 0 } s ? s : " ") + "`";
    }

    /// <summary>A double-quoted YAML scalar; every escape of it is one of JSON too.</summary>
    public static string Yaml(string text)
    {
        var scalar = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\')
                scalar.Append('\\').Append((char)rune.Value);
            else if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 or 0xFEFF or 0xFFFE or 0xFFFF)
                scalar.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else
                scalar.Append(rune.ToString());
        }

        return scalar.Append('"').ToString();
    }

    // A dash and the like act only at the start of a line or inside a link, a dot after www too; escaping them everywhere would make plain words hard to read.
    private static bool NeedsEscape(StringBuilder before, char c) => c switch
    {
        '.' => before.Length == 0 || before.ToString().EndsWith("www", StringComparison.OrdinalIgnoreCase),
        '-' or '+' or '=' or '(' or ')' or '!' or '\'' or '"' or '^' => before.Length == 0,
        _ => Special.Contains(c),
    };
}
