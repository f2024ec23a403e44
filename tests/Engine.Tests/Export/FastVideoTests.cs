using System.Text.Json;
using MedGenCluster.Engine.Export;
using MedGenCluster.Engine.Export.Formats;

namespace MedGenCluster.Engine.Tests.Export;

public sealed class FastVideoTests : IDisposable
{
    private readonly ExportWorkspace _at = new();

    public void Dispose() => _at.Dispose();

    [Fact]
    public async Task List_names_clips_as_the_preprocessing_reads_them()
    {
        var clip = _at.Clip(1);
        await _at.ExportAsync([clip], _at.Options(ExportFormats.FastVideo));
        var item = Assert.Single(JsonDocument.Parse(_at.Read(ExportLayout.TrainerList)).RootElement.EnumerateArray());
        var media = _at.Read(ExportLayout.TrainerMerge).Trim().Split(',');

        Assert.Equal("videos2caption.json", media[1]);
        Assert.True(File.Exists(Path.Combine(_at.Target, media[0], item.GetProperty("path").GetString()!)));
        Assert.Equal((720, 480), (item.GetProperty("resolution").GetProperty("width").GetInt32(), item.GetProperty("resolution").GetProperty("height").GetInt32()));
        Assert.Equal(24, item.GetProperty("fps").GetDouble());
        Assert.Equal([clip.DetailedCaption, clip.BriefCaption], item.GetProperty("cap").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(189, item.GetProperty("usable_frames").GetInt32());
        Assert.Equal(189 / 24.0, item.GetProperty("duration").GetDouble(), 5);
        Assert.False(File.Exists(Path.Combine(_at.Target, ExportLayout.Metadata)));
    }

    [Fact]
    public async Task Clips_outside_the_limits_are_exported_but_not_listed()
    {
        var (good, tall) = (_at.Clip(1), _at.Clip(2) with { Width = 480, Height = 720 });
        var report = await _at.ExportAsync([good, tall]);

        Assert.Equal(2, report.Exported);
        Assert.Equal((1, 1), (report.Trainer!.Listed, report.Trainer.Trimmed));
        Assert.Equal(tall.Id, Assert.Single(report.Trainer.LeftOut).Clip);
        var account = JsonDocument.Parse(_at.Read(ExportLayout.TrainerChecks)).RootElement;
        Assert.Equal(tall.Id.Value, account.GetProperty("left_out")[0].GetProperty("clip_id").GetString());
        Assert.Contains("height / width 1.5", account.GetProperty("left_out")[0].GetProperty("reasons")[0].GetString());
    }

    [Theory]
    [InlineData(720, 480, 24, 192, "not 4k + 1", false)]
    [InlineData(720, 480, 24, 193, null, false)]
    [InlineData(720, 480, 24, 192, null, true)]
    [InlineData(720, 486, 24, 193, "multiples of 16", false)]
    [InlineData(848, 320, 24, 193, null, false)]
    [InlineData(848, 304, 24, 193, "height / width", false)]
    [InlineData(480, 480, 24, 193, "height / width", false)]
    [InlineData(720, 480, 24, 285, "longer than", false)]
    [InlineData(720, 480, 24, 89, "fewer than 93", false)]
    [InlineData(720, 480, 8, 33, null, false)]
    [InlineData(720, 480, 8, 29, "fewer than 93", false)]
    [InlineData(720, 480, 0, 193, "unknown", false)]
    [InlineData(720, 480, double.NaN, 193, "unknown", false)]
    public void Limits_are_those_of_the_trainer(int width, int height, double fps, int frames, string? reason, bool trim)
    {
        var clip = _at.Clip(1) with { Width = width, Height = height, Fps = fps, Frames = frames };
        var check = TrainerCheck.Of(clip, new TrainerLimits { TrimTo4kPlus1 = trim });

        if (reason is null)
            Assert.Empty(check.Reasons);
        else
            Assert.Contains(reason, Assert.Single(check.Reasons));
    }

    [Fact]
    public void Stock_tolerance_drops_a_clip_of_nine_seconds()
    {
        var clip = _at.Clip(1) with { Fps = 8, Frames = 73 };
        Assert.Empty(TrainerCheck.Of(clip, new()).Reasons);
        Assert.Contains("longer than 7.75 s", Assert.Single(TrainerCheck.Of(clip, new() { LengthTolerance = 2 }).Reasons));
    }

    [Fact]
    public void Duration_never_counts_a_frame_that_is_not_there()
    {
        double[] rates = [8, 15, 23.976, 24000 / 1001.0, 24, 25, 29.97, 30000 / 1001.0, 30, 50, 59.94, 60];
        foreach (var fps in rates)
        {
            for (var frames = 1; frames <= 700; frames++)
                Assert.Equal(frames, (int)Math.Ceiling(fps * TrainerCheck.Seconds(frames, fps)));
        }
    }
}
