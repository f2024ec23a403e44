using MedGenCluster.Curation.Borders;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Duplicates;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Media;
using MedGenCluster.Curation.Stages.Probe;

namespace MedGenCluster.Curation.Stages.Cut;

/// <summary>Cuts a clip and looks at the uncropped source picture on the way, so that no later stage decodes the source again.</summary>
public sealed class CutStage(MediaTools tools, IMediaStore store) : ItemStage<ClipWork>
{
    /// <summary>Borders are stored from one pixel on; how thick a bar has to be is decided later.</summary>
    public static readonly BorderOptions Detection = new() { MinThickness = 1 };

    private readonly ClipCutter _cutter = new(tools);

    public override StageId Id => StageId.Cut;

    public override Resource Needs => Resource.Cpu;

    public override Verdict Decide(IMeasurements measurements, CurationOptions options) => Verdict.Pass(Own(measurements).Scores["frames"]);

    protected override async Task<StageResult> MeasureAsync(ClipWork work, CancellationToken cancellationToken)
    {
        if (work.Video.MediaPath is not { } source || ProbeStage.Media(work.Video.Measurements) is not { Video: { } video } media)
            return new StageResult.Failed("The clip's video was not probed, so it cannot be cut.", Retryable: false);

        var borders = new List<int[]>();
        var hashes = new List<HashedFrame>();
        var statistics = new PictureStatistics();
        int previewWidth = video.Width;
        string target = store.NewTemporaryPath(".mp4");
        var (file, failure) = await _cutter.CutAsync(source, media, work.Interval, work.Options.Cut, target, Look, cancellationToken).ConfigureAwait(false);
        if (file is null)
        {
            File.Delete(target);
            return new StageResult.Failed(failure ?? "The clip was not cut.", Retryable: true);
        }

        var reference = await store.AdoptAsync(target, cancellationToken).ConfigureAwait(false);
        string path = await store.OpenLocalAsync(reference, cancellationToken).ConfigureAwait(false);
        var data = new CutData(
            file.Width, file.Height, file.Rate, file.Frames, Round(file.DurationSeconds), file.BitRate,
            Round((double)video.Width / previewWidth), borders, new ClipFingerprint(hashes).ToString(), file.Trouble);
        var measurement = Measured(
            [
                ("width", file.Width),
                ("height", file.Height),
                ("fps", file.Rate.PerSecond),
                ("frames", file.Frames),
                ("durationSeconds", file.DurationSeconds),
                ("bitRate", file.BitRate),
                ("bytes", reference.Length),
                ("brightness", statistics.Brightness),
                ("motion", statistics.Motion),
                ("colourfulness", statistics.Colourfulness),
                ("decodeTrouble", file.Trouble is null ? 0 : 1),
            ],
            StageData.Write(data));
        return new StageResult.Measured(measurement, reference, path);

        void Look(int index, Imaging.Rgb24View picture)
        {
            previewWidth = picture.Width;
            // Borders need fewer frames than the fingerprint: every second one of a long clip.
            if (index % BorderStep(work.Interval) == 0)
                borders.Add(CutData.Row(BorderFrameAnalyzer.Analyze(picture, Detection)));
            if (FrameHasher.Hash(picture) is { } hash)
                hashes.Add(new HashedFrame(CutPlan.PreviewTime(work.Interval, index), hash));
            statistics.Add(picture);
        }
    }

    private static int BorderStep(ClipInterval interval) => Math.Max(1, CutPlan.PreviewCount(interval) / 8);
}
