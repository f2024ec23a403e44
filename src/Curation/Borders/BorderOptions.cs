namespace MedGenCluster.Curation.Borders;

/// <summary>Settings of the border detector. arXiv 2507.05675 section 3.2 names the method (Canny, Hough, consistent black edges
/// along the frame boundaries) and no number; the defaults are ours. Luma is 0..255.</summary>
public sealed record BorderOptions
{
    /// <summary>Brightest luma of a black pixel. Bars have 0 or 16 (video range); the rest is room for coding noise.</summary>
    public int MaxBlackLuma { get; init; } = 24;

    /// <summary>Largest mean of the brightest channel in a strip; above it the bar has a colour, however dark its luma is.</summary>
    public double MaxBlackChannel { get; init; } = 48;

    /// <summary>Largest standard deviation of the luma in a strip.</summary>
    public double MaxBlackDeviation { get; init; } = 12;

    /// <summary>Share of black pixels that makes a row or column part of a strip, 0..1.</summary>
    public double BlackShare { get; init; } = 0.97;

    /// <summary>Share of the picture's length along which the edge must be found, 0..1.</summary>
    public double LineSupport { get; init; } = 0.8;

    /// <summary>Deepest strip as a share of the frame, below 0.5. An upright phone video in a 16:9 frame has 0.34 on either side.</summary>
    public double MaxDepth { get; init; } = 0.4;

    /// <summary>Thinnest strip in pixels.</summary>
    public int MinThickness { get; init; } = 2;

    /// <summary>Pixels between the last black row and the edge that coding or scaling may have brightened.</summary>
    public int MaxGap { get; init; } = 6;

    /// <summary>Lower hysteresis threshold of Canny, in Sobel units (a step of s levels gives 4 s).</summary>
    public double CannyLow { get; init; } = 50;

    /// <summary>Upper hysteresis threshold of Canny, in the same unit.</summary>
    public double CannyHigh { get; init; } = 150;

    /// <summary>Luma that at least 1 % of the picture must exceed; otherwise the frame is dark and says nothing about borders.</summary>
    public int DarkFrameLuma { get; init; } = 40;

    /// <summary>Pixels by which the thickness may differ between frames.</summary>
    public int Tolerance { get; init; } = 2;

    /// <summary>Share of the frames in which the edge itself must be found, 0..1; in the others a black strip is enough, because dark
    /// content beside a bar has no edge.</summary>
    public double MinLineFrames { get; init; } = 0.6;

    /// <summary>Fewest frames that are not dark; with fewer nothing is decided.</summary>
    public int MinFrames { get; init; } = 2;

    /// <summary>Every setting that is out of range, in words; empty when all are right.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Check(MaxBlackLuma is >= 0 and < 255, nameof(MaxBlackLuma), MaxBlackLuma, "between 0 and 254");
        Check(BlackShare is > 0.5 and <= 1, nameof(BlackShare), BlackShare, "above 0.5 and at most 1");
        Check(LineSupport is > 0 and <= 1, nameof(LineSupport), LineSupport, "above 0 and at most 1");
        Check(MaxDepth is > 0 and < 0.5, nameof(MaxDepth), MaxDepth, "above 0 and below 0.5");
        Check(MinThickness >= 1, nameof(MinThickness), MinThickness, "at least 1");
        Check(MaxGap >= 0, nameof(MaxGap), MaxGap, "at least 0");
        Check(CannyLow > 0 && CannyHigh >= CannyLow, nameof(CannyLow), CannyLow, "positive and not above CannyHigh");
        Check(DarkFrameLuma is >= 0 and < 255, nameof(DarkFrameLuma), DarkFrameLuma, "between 0 and 254");
        Check(Tolerance >= 0, nameof(Tolerance), Tolerance, "at least 0");
        Check(MinLineFrames is > 0 and <= 1, nameof(MinLineFrames), MinLineFrames, "above 0 and at most 1");
        Check(MinFrames >= 1, nameof(MinFrames), MinFrames, "at least 1");
        return errors;

        void Check(bool right, string name, double value, string range)
        {
            if (!right)
                errors.Add(FormattableString.Invariant($"{name} is {value}; it must be {range}."));
        }
    }
}
