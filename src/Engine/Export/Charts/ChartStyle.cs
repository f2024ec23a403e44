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

    // Mean advance of a character as a fraction of the font size. Wide fallback fonts come close to it, so text that is fitted with it
    // fits everywhere.
    private const double Advance = 0.6;

    /// <summary>An upper estimate of a text's width, pixels.</summary>
    public static double TextWidth(string text, double size = TextSize) => text.Length * size * Advance;

    /// <summary>Shortens a text to a width with an ellipsis.</summary>
    public static string Fit(string text, double width, double size = TextSize)
    {
        var most = Math.Max(1, (int)(width / (size * Advance)));
        if (text.Length <= most)
            return text;
        var cut = most - 1;
        if (cut > 0 && char.IsHighSurrogate(text[cut - 1]))
            cut--;
        return text[..cut].TrimEnd() + "…";
    }
}
