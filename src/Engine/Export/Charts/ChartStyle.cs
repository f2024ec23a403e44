using System.Text;

namespace MedGenCluster.Engine.Export.Charts;

/// <summary>Looks shared by every chart: a light ground and colours of the Okabe-Ito set, which colour-blind readers can tell apart.</summary>
internal static class ChartStyle
{
    /// <summary>Width of every chart, pixels; text is sized to be read at it.</summary>
    public const double Width = 720;

    public const string Ground = "#fcfcfb";
    public const string Edge = "#e3e3df";
    public const string Grid = "#e6e6e2";
    public const string Axis = "#8a8a85";
    public const string Ink = "#1f2328";
    public const string Muted = "#5c6166";
    public const string Blue = "#0072b2";
    public const string Orange = "#e69f00";
    public const string Vermillion = "#d55e00";
    public const string Grey = "#b5b5b0";

    public const string Font = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";
    public const double TitleSize = 17;
    public const double TextSize = 12;

    /// <summary>An estimate of a text's width from above, pixels: no font is at hand to measure, and the widest of the usual ones counts.</summary>
    public static double TextWidth(string text, double size = TextSize)
    {
        var width = 0.0;
        foreach (var rune in text.EnumerateRunes())
            width += Advance(rune);
        return width * size;
    }

    /// <summary>Shortens a text to a width with an ellipsis.</summary>
    public static string Fit(string text, double width, double size = TextSize)
    {
        if (TextWidth(text, size) <= width)
            return text;
        var (length, used) = (0, 1.0);
        foreach (var rune in text.EnumerateRunes())
        {
            used += Advance(rune);
            if (used * size > width)
                break;
            length += rune.Utf16SequenceLength;
        }

        return text[..length].TrimEnd() + "…";
    }

    // Advances as fractions of the font size, in groups, after the proportions of wide sans-serif fonts.
    private static double Advance(Rune rune) => rune.Value switch
    {
        'm' or 'w' or 'M' or 'W' or '%' or '@' or '…' => 1.0,
        'i' or 'j' or 'l' or 't' or 'f' or 'r' or ' ' or '.' or ',' or ':' or ';' or '|' or '!' or '\'' or '(' or ')' or '·' => 0.4,
        >= 'A' and <= 'Z' => 0.75,
        < 0x1100 => 0.64,
        _ => 1.05,
    };
}
