using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Probe;
using MedGenCluster.Curation.Tests.Frames;

namespace MedGenCluster.Curation.Tests.Stages.Probe;

public sealed class ProbeStageTests
{
    private static readonly string[] H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];
    private static readonly CurationOptions Rules = new() { Probe = new() { MinShortSide = 96, MinDurationSeconds = 1.5, MaxLongSide = 640 } };
    private readonly ProbeStage _stage = new(MediaLab.Tools);

    [Fact]
    public async Task A_good_video_passes_with_its_numbers()
    {
        var work = StageLab.Video(await MediaLab.PatternAsync("good.mp4", "160x96", 25, 2, H264), Rules);

        var measured = await StageLab.MeasuredAsync(_stage, work);

        var scores = measured.Measurement.Scores;
        Assert.Equal((160, 96, 96, 2, 25, 50), (scores["width"], scores["height"], scores["shortSide"], scores["durationSeconds"], scores["fps"], scores["frames"]));
        Assert.Equal(Verdict.Pass(96, 96), StageLab.Decide(_stage, measured.Measurement, Rules));
        Assert.Equal((160, "h264"), (ProbeStage.Media(new MeasurementSet([measured.Measurement]))!.Video!.Width, ProbeStage.Media(new MeasurementSet([measured.Measurement]))!.Video!.Codec));
    }

    [Theory]
    [InlineData("small.mp4", "160x94", 2, "resolution-below-minimum", 94.0)]
    [InlineData("short.mp4", "160x96", 1, "too-short", 1.0)]
    [InlineData("large.mp4", "642x96", 2, "resolution-above-maximum", 642.0)]
    public async Task What_the_rules_exclude_is_rejected_with_the_number(string name, string size, int seconds, string reason, double score)
    {
        var verdict = await StageLab.VerdictAsync(_stage, StageLab.Video(await MediaLab.PatternAsync(name, size, 25, seconds, H264)), Rules);

        Assert.Equal((false, reason, score), (verdict.Passed, verdict.Reason, verdict.Score));
    }

    [Fact]
    public async Task The_short_side_counts_whichever_way_the_phone_was_held()
    {
        var upright = await MediaLab.PatternAsync("upright.mp4", "96x160", 25, 2, H264);

        Assert.True((await StageLab.VerdictAsync(_stage, StageLab.Video(upright), Rules)).Passed);
    }

    [Fact]
    public async Task A_duration_that_no_header_tells_is_measured()
    {
        var path = await MediaLab.PatternAsync("live2.mkv", "160x96", 25, 2, [.. H264, "-f", "matroska", "-live", "1"]);

        var measured = await StageLab.MeasuredAsync(_stage, StageLab.Video(path));

        Assert.Equal(2.0, measured.Measurement.Scores["durationSeconds"], 0.02);
        Assert.Equal(50, measured.Measurement.Scores["frames"]);
    }

    [Fact]
    public async Task One_frame_is_too_short()
    {
        var path = await MediaLab.PatternAsync("one.mkv", "160x96", 25, 1, ["-frames:v", "1", .. H264]);

        Assert.Equal("too-short", (await StageLab.VerdictAsync(_stage, StageLab.Video(path), Rules)).Reason);
    }

    [Fact]
    public async Task Sound_alone_is_rejected()
    {
        var path = await MediaLab.MakeAsync("only-sound.mp4", "-f", "lavfi", "-i", "sine=d=2", "-c:a", "aac");

        Assert.Equal("no-video-stream", (await StageLab.VerdictAsync(_stage, StageLab.Video(path), Rules)).Reason);
    }

    [Fact]
    public async Task A_live_stream_is_rejected()
    {
        var work = StageLab.Video(await MediaLab.PatternAsync("good.mp4", "160x96", 25, 2, H264));
        work = work with { Metadata = work.Metadata with { IsLive = true } };

        Assert.Equal("live", (await StageLab.VerdictAsync(_stage, work, Rules)).Reason);
    }

    [Fact]
    public async Task What_cannot_be_read_fails_for_good_with_a_sentence()
    {
        var path = MediaLab.NewPath("lie.mp4");
        await File.WriteAllTextAsync(path, "not a video");

        var failed = await StageLab.FailedAsync(_stage, StageLab.Video(path));

        Assert.False(failed.Retryable);
        Assert.StartsWith("The file is not a video", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Measuring_twice_gives_the_same_measurement()
    {
        var work = StageLab.Video(await MediaLab.PatternAsync("good.mp4", "160x96", 25, 2, H264));

        var (first, second) = (await StageLab.MeasuredAsync(_stage, work), await StageLab.MeasuredAsync(_stage, work));

        Assert.Equal(first.Measurement.Data, second.Measurement.Data);
        Assert.Equal(first.Measurement.Scores, second.Measurement.Scores);
    }
}
