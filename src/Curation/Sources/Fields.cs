using System.Globalization;

namespace MedGenCluster.Curation.Sources;

/// <summary>Named values of one video as a sidecar or a manifest row gives them. A value of the wrong type is a warning and counts as absent: a video is
/// never lost for a bad field.</summary>
internal abstract class Fields
{
    private readonly List<string> _warnings = [];

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The value as text; null where it is absent, null or blank.</summary>
    public abstract string? Text(string name);

    /// <summary>The values of a list; empty where absent.</summary>
    public abstract IReadOnlyList<string> Texts(string name);

    /// <summary>The objects of a list; empty where absent or where the format has none.</summary>
    public virtual IEnumerable<Fields> Items(string name) => [];

    public void Warn(string message) => _warnings.Add(message);

    /// <summary>A finite number of at least 0; null where absent.</summary>
    public double? Amount(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && value >= 0)
        {
            return value;
        }

        Warn($"{name} is not a number of at least 0: {Shorten(text)}");
        return null;
    }

    /// <summary>A day as yyyyMMdd, read from that or from yyyy-MM-dd; null where absent.</summary>
    public string? Day(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, ["yyyyMMdd", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        }

        Warn($"{name} is not a date like 20240131: {Shorten(text)}");
        return null;
    }

    public bool Flag(string name) => Text(name) is { } text && (text == "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase));

    public static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
