namespace MedGenCluster.Curation.Transcripts;

/// <summary>The line of a cue that says when: <c>00:01.000 --&gt; 00:04.500 align:start</c>.</summary>
internal static class CueTiming
{
    public const string Arrow = "-->";

    // Longer hour fields are no video's; refusing them keeps every time finite and exact to the millisecond.
    private const int MaxHourDigits = 6;

    /// <summary>Reads both times in seconds; cue settings after the end are ignored. False where the line is no timing or ends before it starts.</summary>
    public static bool TryParse(ReadOnlySpan<char> line, out double start, out double end)
    {
        start = end = 0;
        var arrow = line.IndexOf(Arrow, StringComparison.Ordinal);
        if (arrow < 0)
        {
            return false;
        }

        var right = line[(arrow + Arrow.Length)..].TrimStart();
        var stop = right.IndexOfAny(' ', '\t');
        return TryParseTime(line[..arrow].Trim(), out start)
            && TryParseTime(stop < 0 ? right : right[..stop], out end)
            && end > start;
    }

    /// <summary>Reads <c>[hours:]minutes:seconds[.fraction]</c>; SubRip's decimal comma is accepted too.</summary>
    public static bool TryParseTime(ReadOnlySpan<char> text, out double seconds)
    {
        seconds = 0;
        var point = text.IndexOfAny('.', ',');
        var fraction = point < 0 ? [] : text[(point + 1)..];
        var whole = point < 0 ? text : text[..point];
        Span<Range> parts = stackalloc Range[4];
        var count = whole.Split(parts, ':');
        if (count is not (2 or 3) || (point >= 0 && fraction.IsEmpty))
        {
            return false;
        }

        var hours = 0;
        if ((count == 3 && !TryDigits(whole[parts[0]], MaxHourDigits, out hours))
            || !TryDigits(whole[parts[count - 2]], 2, out var minutes) || minutes > 59
            || !TryDigits(whole[parts[count - 1]], 2, out var secs) || secs > 59)
        {
            return false;
        }

        var milliseconds = 0;
        if (!fraction.IsEmpty)
        {
            if (!TryDigits(fraction, 3, out milliseconds))
            {
                return false;
            }

            milliseconds *= fraction.Length switch { 1 => 100, 2 => 10, _ => 1 };
        }

        seconds = ((((hours * 60L) + minutes) * 60 + secs) * 1000 + milliseconds) / 1000.0;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, int maxLength, out int value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > maxLength)
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            value = (value * 10) + (c - '0');
        }

        return true;
    }
}
