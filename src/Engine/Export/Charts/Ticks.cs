using System.Globalization;

namespace MedGenCluster.Engine.Export.Charts;

/// <summary>Round positions on an axis.</summary>
/// <param name="Step">Distance of two ticks: 1, 2 or 5 times a power of ten.</param>
/// <param name="Values">The ticks inside the range, ascending.</param>
internal sealed record Ticks(double Step, IReadOnlyList<double> Values)
{
    /// <summary>At most about <paramref name="most"/> ticks inside [min, max]; max must be above min.</summary>
    public static Ticks Of(double min, double max, int most, bool integral = false)
    {
        var step = Nice((max - min) / most);
        if (integral)
            step = Math.Max(1, step);
        var (first, last) = (Math.Ceiling(min / step - 1e-9), Math.Floor(max / step + 1e-9));
        var values = new List<double>();
        for (var k = first; k <= last && values.Count <= 2 * most; k++)
            values.Add(k * step);
        return new(step, values);
    }

    /// <summary>The smallest of 1, 2 and 5 times a power of ten that is not below a positive number.</summary>
    public static double Nice(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        var fraction = value / power;
        return power * (fraction <= 1 + 1e-9 ? 1 : fraction <= 2 + 1e-9 ? 2 : fraction <= 5 + 1e-9 ? 5 : 10);
    }

    /// <summary>The one of 1, 2 and 5 times a power of ten that is nearest to a positive number in ratio.</summary>
    public static double NearestNice(double value)
    {
        var above = Nice(value);
        var below = Nice(above / 2.6);
        return above / value <= value / below ? above : below;
    }

    /// <summary>A tick's label with as many decimals as the step needs, thousands separated, very large and very small as a power of ten.</summary>
    public string Label(double value)
    {
        if (Math.Abs(value) < Step / 1e6)
            return "0";
        if (Math.Abs(value) >= 1e9 || Step < 1e-6)
            return value.ToString("0.##e0", CultureInfo.InvariantCulture);
        var decimals = (int)Math.Clamp(-Math.Floor(Math.Log10(Step) + 1e-9), 0, 6);
        return value.ToString("#,0." + new string('0', decimals), CultureInfo.InvariantCulture);
    }
}
