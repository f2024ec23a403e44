namespace MedGenCluster.Curation.Borders;

/// <summary>The verdict on one side of a clip.</summary>
/// <param name="Persistent">A black bar of one thickness in every frame.</param>
/// <param name="Thickness">Its thickness in pixels (the median over the frames); 0 without a bar.</param>
public readonly record struct SideVerdict(bool Persistent, int Thickness);

/// <summary>The verdict on a clip.</summary>
/// <param name="FramesUsed">Frames that were not dark; with fewer than <see cref="BorderOptions.MinFrames"/> no side is bordered.</param>
public sealed record BorderVerdict(SideVerdict Top, SideVerdict Bottom, SideVerdict Left, SideVerdict Right, int FramesUsed)
{
    /// <summary>True when any side has a persistent bar; such a clip is excluded (arXiv 2507.05675 section 3.2).</summary>
    public bool HasBorder => Top.Persistent || Bottom.Persistent || Left.Persistent || Right.Persistent;
}

/// <summary>Decides from the sampled frames of a clip which sides have a persistent black border.</summary>
public static class PersistentBorders
{
    /// <summary>A side is bordered when all frames that are not dark agree: the edge lies at the same offset in those that show it
    /// (at least <see cref="BorderOptions.MinLineFrames"/> of them), and the strip is black in the others.</summary>
    public static BorderVerdict Decide(IReadOnlyList<BorderFrame> frames, BorderOptions options)
    {
        var usable = frames.Where(frame => !frame.IsDark).ToArray();
        return new BorderVerdict(
            Decide([.. usable.Select(frame => frame.Top)], options),
            Decide([.. usable.Select(frame => frame.Bottom)], options),
            Decide([.. usable.Select(frame => frame.Left)], options),
            Decide([.. usable.Select(frame => frame.Right)], options),
            usable.Length);
    }

    private static SideVerdict Decide(BorderSide[] sides, BorderOptions options)
    {
        var offsets = sides.Where(side => side.Thickness > 0).Select(side => side.Thickness).Order().ToArray();
        if (sides.Length < options.MinFrames || offsets.Length == 0 || offsets.Length < sides.Length * options.MinLineFrames)
            return default;
        var thickness = offsets[offsets.Length / 2];
        var agree = offsets[0] >= thickness - options.Tolerance && offsets[^1] <= thickness + options.Tolerance;
        var covered = sides.All(side => side.Thickness > 0 || side.BlackDepth >= Math.Max((thickness + 1) / 2, thickness - options.Tolerance - options.MaxGap));
        return agree && covered ? new SideVerdict(true, thickness) : default;
    }
}
