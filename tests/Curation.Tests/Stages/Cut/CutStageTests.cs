using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Duplicates;
using MedGenCluster.Curation.Stages.Cut;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Tests.Frames;

namespace MedGenCluster.Curation.Tests.Stages.Cut;

public sealed class CutStageTests : IDisposable
{
    private static readonly string[] H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-pix_fmt", "yuv420p"];
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task The_clip_is_in_the_store_and_its_facts_in_the_measurement()
    {
        var work = await StageLab.CutAsync(await MediaLab.PatternAsync("cutstage.mp4", "192x128", 25, 3, H264), 0.4, 2.4, _store);

        var data = CutData.Of(work.Measurements)!;
        var scores = work.Measurements[StageId.Cut]!.Scores;
        Assert.Equal((144, 96, 50, 2.0), (data.Width, data.Height, data.Frames, data.DurationSeconds));
        Assert.Equal(8, data.Borders.Count);
        Assert.Equal([0.125, 0.375, 0.625, 0.875, 1.125, 1.375, 1.625, 1.875], ClipFingerprint.TryParse(data.Fingerprint)!.Frames.ToArray().Select(frame => frame.Seconds));
        Assert.Equal((50, 25, 2), (scores["frames"], scores["fps"], scores["durationSeconds"]));
        Assert.Equal(work.Media!.Length, new FileInfo(work.MediaPath!).Length);
        Assert.Equal(work.Media.Length * 8 / 2, data.BitRate);
        Assert.Empty(_store.Leftovers);
    }

    [Fact]
    public async Task Cutting_again_gives_the_same_blob_and_the_same_measurement()
    {
        var path = await MediaLab.PatternAsync("cutstage.mp4", "192x128", 25, 3, H264);

        var (first, second) = (await StageLab.CutAsync(path, 0.4, 2.4, _store), await StageLab.CutAsync(path, 0.4, 2.4, _store));

        Assert.Equal(first.Media, second.Media);
        Assert.Equal(first.Measurements[StageId.Cut]!.Data, second.Measurements[StageId.Cut]!.Data);
        Assert.Equal(first.Measurements[StageId.Cut]!.Scores, second.Measurements[StageId.Cut]!.Scores);
    }

    [Fact]
    public async Task A_clip_beyond_the_end_fails_and_leaves_nothing_behind()
    {
        var video = await StageLab.ProbedAsync(await MediaLab.PatternAsync("cutstage.mp4", "192x128", 25, 3, H264));
        var interval = new ClipInterval(2000, 6000);

        var failed = await StageLab.FailedAsync(
            new CutStage(MediaLab.Tools, _store), new ClipWork(ClipId.From(video.Id, interval), interval, "", video, null, null, MeasurementSet.Empty));

        Assert.Contains("25 frames", failed.Reason, StringComparison.Ordinal);
        Assert.True(failed.Retryable);
        Assert.Empty(_store.Leftovers);
    }

    [Fact]
    public async Task Colour_and_motion_are_measured()
    {
        var grey = await MediaLab.MakeAsync("grey.mp4", ["-f", "lavfi", "-i", "color=c=gray:s=192x128:r=10:d=2", .. H264]);
        var pattern = await MediaLab.PatternAsync("cutstage.mp4", "192x128", 25, 3, H264);

        var still = (await StageLab.CutAsync(grey, 0, 1.6, _store)).Measurements[StageId.Cut]!.Scores;
        var moving = (await StageLab.CutAsync(pattern, 0, 2, _store)).Measurements[StageId.Cut]!.Scores;

        Assert.Equal(128, still["brightness"], 4.0);
        Assert.Equal(0, still["motion"], 0.5);
        Assert.Equal(0, still["colourfulness"], 3.0);
        Assert.True(moving["motion"] > 2 && moving["colourfulness"] > 40, $"motion {moving["motion"]}, colour {moving["colourfulness"]}");
    }
}
