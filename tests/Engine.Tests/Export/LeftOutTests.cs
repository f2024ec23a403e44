using System.Text.Json;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Export;

namespace MedGenCluster.Engine.Tests.Export;

/// <summary>A clip that may not or cannot be exported is listed with its reason, and the others are exported.</summary>
public sealed class LeftOutTests : IDisposable
{
    private readonly ExportWorkspace _at = new();

    public void Dispose() => _at.Dispose();

    [Fact]
    public Task Caption_made_from_another_clip_is_refused() => RefusedAsync(
        clip => clip with { Binding = clip.Binding! with { ClipSha256 = new string('0', 64) } }, LeftOutReason.CaptionBindingMismatch);

    [Fact]
    public Task Caption_changed_after_binding_is_refused() => RefusedAsync(
        clip => clip with { DetailedCaption = clip.DetailedCaption + " It heals." }, LeftOutReason.CaptionBindingMismatch);

    [Fact]
    public Task Frame_times_changed_after_binding_are_refused() => RefusedAsync(
        clip => clip with { Binding = clip.Binding! with { FrameTimes = [0.5, 2.5] } }, LeftOutReason.CaptionBindingMismatch);

    [Fact]
    public Task Caption_of_another_model_is_refused() => RefusedAsync(
        clip => clip with { CaptionModel = "captioner-2" }, LeftOutReason.CaptionBindingMismatch);

    [Fact]
    public Task Caption_without_binding_is_refused() => RefusedAsync(clip => clip with { Binding = null }, LeftOutReason.NoCaption);

    [Fact]
    public Task Clip_without_captions_is_refused() => RefusedAsync(clip => clip with { BriefCaption = "", DetailedCaption = "" }, LeftOutReason.NoCaption);

    [Theory]
    [InlineData("../escape")]
    [InlineData("a/b")]
    [InlineData("a.b")]
    [InlineData("-rf")]
    [InlineData("")]
    public Task Id_that_cannot_name_a_file_is_refused(string id) => RefusedAsync(clip => clip with { Id = new ClipId(id) }, LeftOutReason.UnsafeId);

    [Fact]
    public Task Missing_blob_is_left_out() => RefusedAsync(clip =>
    {
        File.Delete(clip.LocalPath);
        return clip;
    }, LeftOutReason.MissingBlob);

    [Fact]
    public Task Corrupt_blob_is_left_out() => RefusedAsync(clip =>
    {
        File.AppendAllText(clip.LocalPath, "!");
        return clip;
    }, LeftOutReason.CorruptBlob);

    [Fact]
    public Task Blob_of_another_length_on_record_is_left_out() => RefusedAsync(
        clip => clip with { Media = clip.Media with { Length = 1 } }, LeftOutReason.CorruptBlob);

    [Fact]
    public async Task Repeated_id_is_exported_once()
    {
        var report = await _at.ExportAsync([_at.Clip(1), _at.Clip(2), _at.Clip(1)]);

        Assert.Equal(2, report.Exported);
        Assert.Equal(LeftOutReason.RepeatedId, Assert.Single(report.LeftOut).Reason);
    }

    [Fact]
    public async Task A_caller_can_bring_its_own_binding()
    {
        var clip = _at.Clip(1);
        clip = clip with { Binding = clip.Binding! with { Value = "mine" } };
        var report = await _at.ExportAsync([clip], _at.Options() with { ComputeBinding = _ => "mine" });

        Assert.Equal(1, report.Exported);
    }

    private async Task RefusedAsync(Func<ExportClip, ExportClip> spoil, LeftOutReason reason)
    {
        var (good, bad) = (_at.Clip(1), spoil(_at.Clip(2)));
        foreach (var hardLinks in (bool[])[true, false])
        {
            var report = await _at.ExportAsync([good, bad], _at.Options() with { HardLinks = hardLinks, Overwrite = true });

            Assert.True(report.Succeeded, report.Error?.Message);
            var leftOut = Assert.Single(report.LeftOut);
            Assert.Equal((bad.Id, reason), (leftOut.Clip, leftOut.Reason));
            Assert.Equal([good.Id.Value], _at.Metadata().Select(r => r.GetProperty("clip_id").GetString()));
            Assert.Equal([good.Id.Value + ".mp4"], Directory.GetFiles(Path.Combine(_at.Target, "videos")).Select(Path.GetFileName));
            var listed = JsonDocument.Parse(_at.Read(ExportLayout.Report)).RootElement.GetProperty("left_out").EnumerateArray().Single();
            Assert.Equal(bad.Id.Value, listed.GetProperty("clip_id").GetString());
            Assert.DoesNotContain(_at.Root, _at.Read(ExportLayout.Report));
        }
    }
}
