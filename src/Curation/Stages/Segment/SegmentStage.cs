using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Stages.Probe;
using MedGenCluster.Curation.Transcripts;

namespace MedGenCluster.Curation.Stages.Segment;

/// <summary>Finds the clips of a video: frames at 1 per second, each classified as medical or not, adjacent ones compared by CLIP
/// (arXiv 2507.05675 section 3.1).</summary>
public sealed class SegmentStage(MediaTools tools, IModelCatalog models) : ItemStage<VideoWork>
{
    private readonly FramePipe _pipe = new(tools);

    public override StageId Id => StageId.Segment;

    public override string ModelVersion => models.ClipVision.Version + "+" + models.FrameClassifier.Version;

    public override Resource Needs => Resource.Gpu;

    /// <summary>The clips that a stored measurement gives under these options, with what is said in each.</summary>
    public static IReadOnlyList<ClipPlan> Clips(Measurement measurement, SegmentOptions options, string? transcriptPath)
    {
        var plan = SegmentPlanner.Plan(measurement, options);
        var transcript = plan.Intervals.Count > 0 && transcriptPath is not null ? Transcript.Parse(transcriptPath) : Transcript.Empty;
        return [.. plan.Intervals.Select(interval => new ClipPlan(interval, transcript.TextBetween(interval.StartSeconds, interval.EndSeconds)))];
    }

    public override Verdict Decide(IMeasurements measurements, CurationOptions options)
    {
        var plan = SegmentPlanner.Plan(Own(measurements), options.Segment);
        return plan.Intervals.Count > 0 ? Verdict.Pass(plan.Intervals.Count, 1)
            : Verdict.Reject(plan.TooShortRuns > 0 ? "too-short-runs" : "no-medical-run", 0, 1);
    }

    protected override async Task<StageResult> MeasureAsync(VideoWork work, CancellationToken cancellationToken)
    {
        if (work.MediaPath is not { } path || ProbeStage.Media(work.Measurements) is not { Video: { } video } media)
            return new StageResult.Failed("The video was not probed, so it cannot be segmented.", Retryable: false);

        await using var frames = new FrameClassification(models.ClipVision, models.FrameClassifier, cancellationToken);
        var read = await _pipe.ReadAsync(path, video, new FrameSampling.EachSecond(), frames.Add, cancellationToken).ConfigureAwait(false);
        var (medical, similarity) = await frames.FinishAsync().ConfigureAwait(false);
        if (read.Stopped)
            return new StageResult.Failed(read.Trouble ?? "Decoding was ended.", Retryable: true);
        if (medical.Length == 0)
            return new StageResult.Failed($"No frame could be decoded. {read.Trouble}".TrimEnd(), Retryable: false);
        if (!medical.Concat(similarity).All(double.IsFinite))
            return new StageResult.Failed("The models answered with numbers that are not finite.", Retryable: true);

        var series = new FrameSeries(medical, similarity, Math.Max(media.DurationSeconds ?? 0, medical.Length - 1), read.Trouble);
        var data = StageData.Write(series);
        var clips = SegmentPlanner.Plan(series, work.Options.Segment).Intervals.Count;
        var measurement = Measured(
            [
                ("frames", medical.Length),
                ("medicalShare", medical.Count(p => p >= work.Options.Segment.MinMedicalProbability) / (double)medical.Length),
                ("clips", clips),
                ("decodeTrouble", read.Trouble is null ? 0 : 1),
            ],
            data);
        return new StageResult.Measured(measurement, Clips: Clips(measurement, work.Options.Segment, work.Metadata.TranscriptPath));
    }
}
