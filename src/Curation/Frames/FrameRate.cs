using System.Globalization;

namespace MedGenCluster.Curation.Frames;

/// <summary>Frames per second as an exact fraction; 0/1 where unknown.</summary>
public readonly record struct FrameRate(int Numerator, int Denominator)
{
    private static readonly FrameRate[] Standard =
    [
        new(8, 1), new(10, 1), new(12, 1), new(15, 1), new(20, 1), new(24000, 1001), new(24, 1), new(25, 1),
        new(30000, 1001), new(30, 1), new(48, 1), new(50, 1), new(60000, 1001), new(60, 1),
    ];

    public static FrameRate Unknown => new(0, 1);

    public double PerSecond => Denominator == 0 ? 0 : (double)Numerator / Denominator;

    public bool IsKnown => Numerator > 0 && Denominator > 0;

    /// <summary>Parses <c>30000/1001</c>; <see cref="Unknown"/> for anything else and for 0/0.</summary>
    public static FrameRate Parse(string? text)
    {
        var parts = (text ?? "").Split('/');
        return parts.Length == 2
            && int.TryParse(parts[0], CultureInfo.InvariantCulture, out int numerator)
            && int.TryParse(parts[1], CultureInfo.InvariantCulture, out int denominator)
            && numerator > 0 && denominator > 0
            ? new FrameRate(numerator, denominator)
            : Unknown;
    }

    /// <summary>The nearest common rate, by ratio; at most 60 per second. Rates below 8 become whole numbers of at least 1.</summary>
    public FrameRate ToStandard()
    {
        double rate = PerSecond;
        return rate < 7.5
            ? new FrameRate(Math.Max(1, (int)Math.Round(rate)), 1)
            : Standard.MinBy(other => Math.Abs(Math.Log(other.PerSecond / rate)));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
}
