using System.Globalization;
using System.Net;
using System.Text;

namespace MedGenCluster.Curation.Transcripts;

/// <summary>Turns a line of cue markup into plain text.</summary>
internal static class CueText
{
    /// <summary>Removes tags, decodes entities, drops invisible marks and makes every run of white space one space.</summary>
    /// <param name="line">One payload line.</param>
    /// <param name="hasInlineTime">True if a word-level timestamp such as <c>&lt;00:00:01.240&gt;</c> stood in it, the mark of automatic captions.</param>
    public static string Plain(string line, out bool hasInlineTime)
    {
        var text = StripTags(line, out hasInlineTime);
        return Normalise(text.Contains('&') ? WebUtility.HtmlDecode(text) : text);
    }

    private static string StripTags(string line, out bool hasInlineTime)
    {
        hasInlineTime = false;
        var open = line.IndexOf('<');
        if (open < 0)
        {
            return line;
        }

        var result = new StringBuilder(line.Length);
        var position = 0;
        while (open >= 0)
        {
            var close = line.IndexOf('>', open);
            if (close < 0)
            {
                break;
            }

            result.Append(line, position, open - position);
            position = open;
            if (StartsTag(line, open))
            {
                hasInlineTime |= CueTiming.TryParseTime(line.AsSpan(open + 1, close - open - 1), out _);
                position = close + 1;
            }

            open = line.IndexOf('<', Math.Max(position, open + 1));
        }

        return result.Append(line, position, line.Length - position).ToString();
    }

    // "spO2 < 90 %" is speech that nobody escaped, not a tag.
    private static bool StartsTag(string line, int open) =>
        open + 1 < line.Length && (char.IsAsciiLetterOrDigit(line[open + 1]) || line[open + 1] is '/' or '.' or '>');

    private static string Normalise(string text)
    {
        var result = new StringBuilder(text.Length);
        var gap = false;
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                gap = result.Length > 0;
            }
            else if (c == '\u200D' || char.GetUnicodeCategory(c) != UnicodeCategory.Format)
            {
                if (gap)
                {
                    result.Append(' ');
                    gap = false;
                }

                result.Append(c);
            }
        }

        return result.ToString();
    }
}
