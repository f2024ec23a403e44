using MedGenCluster.Curation.Imaging;

namespace MedGenCluster.Curation.Quality;

/// <summary>One place of the tensors that a frame fills.</summary>
/// <param name="View">0..2 technical clip, 3 aesthetic view.</param>
/// <param name="Time">0..31 within the view.</param>
internal readonly record struct DoverPlace(int View, int Time);

/// <summary>What has to be taken from a video of known length and size for one DOVER score. All random choices are made here.</summary>
public sealed class DoverPlan
{
    private readonly Dictionary<int, DoverPlace[]> places;

    private DoverPlan(int frames, int width, int height, int[] technical, int[] aesthetic, FragmentGrid[] fragments, BilinearResize? enlargement)
    {
        Frames = frames;
        Width = width;
        Height = height;
        TechnicalFrames = technical;
        AestheticFrames = aesthetic;
        Fragments = fragments;
        Enlargement = enlargement;
        AestheticResize = BilinearResize.ToSize(width, height, FragmentGrid.Size, FragmentGrid.Size);
        places = technical.Select((frame, i) => (frame, new DoverPlace(i / DoverFrameIndices.Length, i % DoverFrameIndices.Length)))
            .Concat(aesthetic.Select((frame, t) => (frame, new DoverPlace(DoverFrameIndices.Clips, t))))
            .GroupBy(use => use.frame, use => use.Item2)
            .ToDictionary(group => group.Key, group => group.ToArray());
        NeededFrames = [.. places.Keys.Order()];
    }

    /// <summary>Frames of the video.</summary>
    public int Frames { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Frame index of every place of the technical tensors, [3 * 32].</summary>
    public IReadOnlyList<int> TechnicalFrames { get; }

    /// <summary>Frame index of every place of the aesthetic tensor, [32].</summary>
    public IReadOnlyList<int> AestheticFrames { get; }

    /// <summary>The fragment grid of each technical clip, [3].</summary>
    public IReadOnlyList<FragmentGrid> Fragments { get; }

    /// <summary>The frames to decode, ascending, each once.</summary>
    public IReadOnlyList<int> NeededFrames { get; }

    internal BilinearResize? Enlargement { get; }

    internal BilinearResize AestheticResize { get; }

    /// <summary>Plans a video.</summary>
    /// <param name="frames">Number of frames, at least 1.</param>
    /// <param name="width">Frame width in pixels, at least 32.</param>
    /// <param name="height">Frame height in pixels, at least 32.</param>
    /// <param name="mode">Grid of enlarged frames; without effect from 224 pixels up.</param>
    /// <param name="nextBelow">Draws from [0, bound): technical starts, aesthetic frames, then each clip's grid.</param>
    public static DoverPlan Create(int frames, int width, int height, FragmentGridMode mode, Func<int, int> nextBelow)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, FragmentGrid.CellSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, FragmentGrid.CellSize);
        var technical = DoverFrameIndices.Technical(frames, nextBelow);
        var aesthetic = DoverFrameIndices.Aesthetic(frames, nextBelow);
        var enlargement = EnlargementOf(width, height);
        var (gridHeight, gridWidth) = mode == FragmentGridMode.Corrected && enlargement is not null
            ? (enlargement.OutputHeight, enlargement.OutputWidth)
            : (height, width);
        var fragments = new FragmentGrid[DoverFrameIndices.Clips];
        for (var clip = 0; clip < fragments.Length; clip++)
            fragments[clip] = FragmentGrid.Create(gridHeight, gridWidth, nextBelow);
        return new DoverPlan(frames, width, height, technical, aesthetic, fragments, enlargement);
    }

    /// <summary>The enlargement of frames whose short edge is below 224 pixels; null for larger ones.</summary>
    public static BilinearResize? EnlargementOf(int width, int height)
    {
        var ratio = Math.Min(height / (double)FragmentGrid.Size, width / (double)FragmentGrid.Size);
        return ratio < 1 ? BilinearResize.ByFactor(width, height, 1 / ratio) : null;
    }

    internal ReadOnlySpan<DoverPlace> PlacesOf(int frame) => places.GetValueOrDefault(frame);
}
