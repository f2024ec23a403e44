using System.Globalization;

namespace MedGenCluster.Engine.Export;

/// <summary>Numbers as people read them, in the invariant culture.</summary>
internal static class Numbers
{
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A count with what is counted, given as a plural in s.</summary>
    public static string Count(long value, string things) =>
        $"{Count(value)} {(value == 1 && things.EndsWith('s') ? things[..^1] : things)}";

    /// <summary>About four significant digits without trailing zeros; large numbers whole with separators.</summary>
    public static string Short(double value)
    {
        if (value == 0)
            return "0";
        var size = Math.Abs(value);
        if (size is >= 1e9 or < 1e-4)
            return value.ToString("0.###e0", CultureInfo.InvariantCulture);
        var decimals = Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 6);
        return value.ToString("#,0." + new string('#', decimals), CultureInfo.InvariantCulture);
    }

    public static string Percent(long part, long whole) =>
        whole == 0 ? "–" : (100.0 * part / whole).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
