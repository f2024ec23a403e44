using MedGenCluster.Curation.Borders;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Duplicates;
using MedGenCluster.Curation.Frames;

namespace MedGenCluster.Curation.Stages.Cut;

/// <summary>What the cut stores of a clip.</summary>
/// <param name="Rate">Frames per second, as a fraction.</param>
/// <param name="BitRate">Bits per second of the file.</param>
/// <param name="PreviewScale">Pixels of the source picture for each pixel of a preview, 1 unless the source is very large.</param>
/// <param name="Borders">One row for each preview: thickness and black depth of top, bottom, left and right, then 1 for a dark frame.</param>
/// <param name="Fingerprint">Perceptual hashes over the uncropped picture, as <see cref="ClipFingerprint"/> writes them.</param>
/// <param name="Trouble">What the decoder complained about, if anything.</param>
public sealed record CutData(
    int Width,
    int Height,
    FrameRate Rate,
    int Frames,
    double DurationSeconds,
    long BitRate,
    double PreviewScale,
    IReadOnlyList<int[]> Borders,
    string Fingerprint,
    string? Trouble = null)
{
    /// <summary>The cut of a clip; null before it ran.</summary>
    public static CutData? Of(IMeasurements measurements) => StageData.Read<CutData>(measurements[StageId.Cut]);

    /// <summary>The cut clip as a stream to decode: what the cut guarantees needs no probing.</summary>
    public ProbedVideo Video() => new("h264", Width, Height, Width, Height, 0, Rate, Rate, "progressive", "yuv420p", 8, Frames);

    public IReadOnlyList<BorderFrame> BorderFrames() =>
    [
        .. Borders.Select(row => new BorderFrame(new(row[0], row[1]), new(row[2], row[3]), new(row[4], row[5]), new(row[6], row[7]), row[8] == 1)),
    ];

    internal static int[] Row(BorderFrame frame) =>
    [
        frame.Top.Thickness, frame.Top.BlackDepth, frame.Bottom.Thickness, frame.Bottom.BlackDepth,
        frame.Left.Thickness, frame.Left.BlackDepth, frame.Right.Thickness, frame.Right.BlackDepth, frame.IsDark ? 1 : 0,
    ];
}
