using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Imaging;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Segment;
using MedGenCluster.Curation.Tests.Frames;
using NSubstitute;

namespace MedGenCluster.Curation.Tests.Stages.Segment;

public sealed class SegmentStageTests
{
    // 8 s red, 2 s black, 4 s red, 9 s blue. Red and blue count as medical; the embedding is the mean colour.
    private static readonly string[] Source =
    [
        "-f", "lavfi", "-i",
        "color=c=red:s=160x96:r=5:d=8.2[a];color=c=black:s=160x96:r=5:d=1.8[b];color=c=red:s=160x96:r=5:d=4[c];color=c=blue:s=160x96:r=5:d=9.2[d];[a][b][c][d]concat=n=4",
        "-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-pix_fmt", "yuv420p",
    ];

    private readonly FakeModel _vision = new("clip@1", ClipPreprocessor.TensorLength, MeanColour);
    private readonly FakeModel _classifier = new("medical@1", 3, embedding => [0, embedding.Max() > 0.5f ? 4 : -4]);

    [Fact]
    public async Task Medical_runs_of_similar_frames_become_clips()
    {
        var measured = await MeasureAsync();

        Assert.Equal([new ClipInterval(0, 8000), new ClipInterval(14000, 23000)], measured.Clips!.Select(clip => clip.Interval));
        var scores = measured.Measurement.Scores;
        Assert.Equal((24, 2, Math.Round(23 / 24.0, 6)), (scores["frames"], scores["clips"], scores["medicalShare"]));
        Assert.Equal("clip@1+medical@1", measured.Measurement.ModelVersion);
        Assert.Equal(0, _vision.Open + _classifier.Open);
        Assert.InRange(_vision.MostOpen, 1, 32);
    }

    [Fact]
    public async Task Another_tau_needs_no_decoding()
    {
        var measured = await MeasureAsync();

        // Below the similarity of red and blue, 0, the cut between them disappears.
        var plan = SegmentPlanner.Plan(measured.Measurement, new SegmentOptions { Tau = -0.5, MaxSeconds = 0 });

        Assert.Equal([new ClipInterval(0, 8000), new ClipInterval(10000, 23000)], plan.Intervals);
    }

    [Fact]
    public async Task What_is_said_during_a_clip_goes_with_it()
    {
        var transcript = MediaLab.NewPath("x.en.vtt");
        await File.WriteAllTextAsync(transcript, "WEBVTT\n\n00:01.000 --> 00:04.000\nThe incision\n\n00:08.500 --> 00:09.500\nnothing here\n\n00:15.000 --> 00:17.000\nis closed.\n");
        var work = await StageLab.ProbedAsync(await MediaLab.MakeAsync("segments.mp4", Source));

        var measured = await StageLab.MeasuredAsync(Stage(), work with { Metadata = work.Metadata with { TranscriptPath = transcript } });

        Assert.Equal(["The incision", "is closed."], measured.Clips!.Select(clip => clip.Transcript));
    }

    [Theory]
    [InlineData(new[] { 0.1, 0.2, 0.1 }, "no-medical-run")]
    [InlineData(new[] { 0.9, 0.9, 0.1 }, "too-short-runs")]
    public void Videos_without_a_clip_are_rejected_with_the_reason(double[] medical, string reason)
    {
        var data = StageData.Write(new FrameSeries(medical, [0.9, 0.9], 3));

        var verdict = StageLab.Decide(Stage(), new Measurement(StageId.Segment, 1, "", Measurement.NoScores, data));

        Assert.Equal((false, reason), (verdict.Passed, verdict.Reason));
    }

    [Fact]
    public void A_clip_never_ends_after_its_video()
    {
        var series = new FrameSeries([.. Enumerable.Repeat(0.9, 9)], [.. Enumerable.Repeat(0.95, 8)], 7.5);

        Assert.Equal([new ClipInterval(0, 7500)], SegmentPlanner.Plan(series, new SegmentOptions()).Intervals);
    }

    [Fact]
    public async Task Of_a_file_that_was_cut_off_the_sound_part_is_used_and_the_trouble_reported()
    {
        var whole = await MediaLab.MakeAsync("segments-faststart.mp4", [.. Source, "-movflags", "+faststart", "-g", "10"]);
        var bytes = await File.ReadAllBytesAsync(whole);
        var path = MediaLab.NewPath("cut-off.mp4");
        await File.WriteAllBytesAsync(path, bytes[..(bytes.Length * 2 / 3)]);

        var measured = await StageLab.MeasuredAsync(Stage(), await StageLab.ProbedAsync(path));

        Assert.InRange(measured.Measurement.Scores["frames"], 5, 23);
        Assert.Equal(1, measured.Measurement.Scores["decodeTrouble"]);
        Assert.All(measured.Clips!, clip => Assert.True(clip.Interval.EndSeconds <= measured.Measurement.Scores["frames"]));
    }

    [Fact]
    public async Task A_failing_model_fails_the_item_and_gives_every_place_back()
    {
        var broken = new FakeModel("medical@1", 3, _ => throw new ModelException("frame-classifier is broken"));

        var failed = await StageLab.FailedAsync(Stage(broken), await StageLab.ProbedAsync(await MediaLab.MakeAsync("segments.mp4", Source)));

        Assert.Equal(("frame-classifier is broken", true), (failed.Reason, failed.Retryable));
        Assert.Equal(0, _vision.Open + broken.Open);
    }

    [Fact]
    public async Task An_answer_that_is_not_a_number_fails_the_item()
    {
        var nan = new FakeModel("medical@1", 3, _ => [float.NaN, 0]);

        Assert.Contains("not finite", (await StageLab.FailedAsync(Stage(nan), await StageLab.ProbedAsync(await MediaLab.MakeAsync("segments.mp4", Source)))).Reason, StringComparison.Ordinal);
    }

    private static float[] MeanColour(float[] pixels)
    {
        const int Plane = ClipPreprocessor.Size * ClipPreprocessor.Size;
        return [.. Enumerable.Range(0, 3).Select(channel => pixels.AsSpan(channel * Plane, Plane)[Plane / 2 + 112] > 0.5f ? 1f : 0.001f)];
    }

    private SegmentStage Stage(FakeModel? classifier = null)
    {
        var models = Substitute.For<IModelCatalog>();
        models.ClipVision.Returns(_vision);
        models.FrameClassifier.Returns(classifier ?? _classifier);
        return new SegmentStage(MediaLab.Tools, models);
    }

    private async Task<StageResult.Measured> MeasureAsync() =>
        await StageLab.MeasuredAsync(Stage(), await StageLab.ProbedAsync(await MediaLab.MakeAsync("segments.mp4", Source)));
}
