using System.Collections.Concurrent;

namespace MedGenCluster.Curation.Imaging;

/// <summary>What CLIP's transform does with pictures of one size: the resized size, the crop, and the taps of the two passes.
/// Pure in the size, so plans are shared by all threads.</summary>
internal sealed class ClipCropPlan
{
    // Videos come in few sizes; the bound only stops a crawl with thousands of odd ones from growing the table for ever.
    private const int MaxCached = 256;
    private static readonly ConcurrentDictionary<(int Width, int Height), ClipCropPlan> Cache = new();

    private ClipCropPlan(int width, int height)
    {
        (ResizedWidth, ResizedHeight) = ClipPreprocessor.ResizedSize(width, height);
        (Left, Top) = ClipPreprocessor.CropOffset(ResizedWidth, ResizedHeight);
        Horizontal = ResizedWidth == width ? null : BicubicWindow.Create(width, ResizedWidth, Left, ClipPreprocessor.Size);
        Vertical = ResizedHeight == height ? null : BicubicWindow.Create(height, ResizedHeight, Top, ClipPreprocessor.Size);
        HorizontalTaps = Horizontal is null ? null : PairedTaps.TryCreate(Horizontal);
    }

    public int ResizedWidth { get; }

    public int ResizedHeight { get; }

    public int Left { get; }

    public int Top { get; }

    /// <summary>Null where the width does not change.</summary>
    public BicubicWindow? Horizontal { get; }

    /// <summary>Null where the height does not change.</summary>
    public BicubicWindow? Vertical { get; }

    /// <summary>The horizontal taps as the vector kernel reads them; null where the picture is too narrow for its loads.</summary>
    public PairedTaps? HorizontalTaps { get; }

    /// <summary>First input row that is needed.</summary>
    public int FirstRow => Vertical?.Begin ?? Top;

    /// <summary>Number of input rows that are needed.</summary>
    public int RowCount => Vertical is { } v ? v.End - v.Begin : ClipPreprocessor.Size;

    public static ClipCropPlan For(int width, int height)
    {
        if (Cache.TryGetValue((width, height), out var plan))
            return plan;
        plan = new ClipCropPlan(width, height);
        if (Cache.Count < MaxCached)
            Cache.TryAdd((width, height), plan);
        return plan;
    }
}
