using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Borders;
using MedGenCluster.Curation.Tests.Frames;

namespace MedGenCluster.Curation.Tests.Stages.Borders;

public sealed class BordersStageTests : IDisposable
{
    private static readonly string[] H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-pix_fmt", "yuv420p"];
    private readonly TestStore _store = new();
    private readonly BordersStage _stage = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("letterbox", "pad=320:240:0:30:black", "320x180", "black-border-top-bottom", 30)]
    [InlineData("pillarbox", "pad=320:180:40:0:black", "240x180", "black-border-left-right", 40)]
    [InlineData("bottom", "pad=320:200:0:0:black", "320x180", "black-border-bottom", 20)]
    public async Task A_persistent_bar_is_rejected_with_its_sides_and_thickness(string name, string pad, string size, string reason, double thickness)
    {
        var path = await MediaLab.PatternAsync($"bars-{name}.mp4", size, 10, 2, ["-vf", pad, .. H264]);

        var verdict = await StageLab.VerdictAsync(_stage, await StageLab.CutAsync(path, 0, 1.8, _store));

        Assert.Equal((false, reason), (verdict.Passed, verdict.Reason));
        Assert.Equal(thickness, verdict.Score!.Value, 2.0);
    }

    [Fact]
    public async Task A_full_picture_passes()
    {
        var path = await MediaLab.PatternAsync("bars-none.mp4", "320x180", 10, 2, H264);

        Assert.True((await StageLab.VerdictAsync(_stage, await StageLab.CutAsync(path, 0, 1.8, _store))).Passed);
    }

    [Fact]
    public void The_least_thickness_is_decided_without_measuring_again()
    {
        var measurement = new Measurement(
            StageId.Borders, 1, "", new Dictionary<string, double> { ["top"] = 3, ["bottom"] = 12, ["left"] = 0, ["right"] = 0, ["framesUsed"] = 8 });

        Assert.Equal("black-border-top-bottom", Decide(2).Reason);
        Assert.Equal("black-border-bottom", Decide(4).Reason);
        Assert.True(Decide(13).Passed);

        Verdict Decide(int least) => StageLab.Decide(_stage, measurement, new CurationOptions { Borders = new() { MinThickness = least } });
    }
}
