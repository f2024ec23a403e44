using MedGenCluster.Curation.Captioning;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Processes;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Caption;
using NSubstitute;

namespace MedGenCluster.Curation.Tests.Stages.Caption;

public sealed class CaptionStageTests
{
    private readonly ICaptioner _captioner = Substitute.For<ICaptioner>();

    public CaptionStageTests() => _captioner.Version.Returns("fake-1");

    [Fact]
    public async Task A_caption_is_bound_to_its_clip_and_words()
    {
        var measured = Assert.IsType<StageResult.Measured>(await RunAsync(new CaptionResult.Captioned("A long text.", "Short.", ClipCategory.Imaging, "m", "p")));
        var caption = CaptionData.Of(new MeasurementSet([measured.Measurement]))!;
        Assert.Equal(("A long text.", "Short.", "imaging", "abc"), (caption.Detailed, caption.Brief, caption.Category, caption.ClipSha256));
        Assert.Equal(CaptionBinding.Compute("abc", [], "p", "m", "Short.", "A long text."), caption.Binding);
        Assert.NotEqual(caption.Binding, CaptionBinding.Compute("abd", [], "p", "m", "Short.", "A long text."));
        Assert.NotEqual(caption.Binding, CaptionBinding.Compute("abc", [], "p", "m", "Short", ".A long text."));
        Assert.True(Stage().Decide(new MeasurementSet([measured.Measurement]), new CurationOptions()).Passed);
    }

    [Fact]
    public async Task A_refusal_rejects_the_clip()
    {
        var measured = Assert.IsType<StageResult.Measured>(await RunAsync(new CaptionResult.Refused("I cannot help with that.")));
        Assert.Equal("caption-refused", Stage().Decide(new MeasurementSet([measured.Measurement]), new CurationOptions()).Reason);
    }

    [Fact]
    public async Task A_truncated_answer_is_tried_again() =>
        Assert.True(Assert.IsType<StageResult.Failed>(await RunAsync(new CaptionResult.Truncated("A long"))).Retryable);

    [Fact]
    public async Task Garbage_fails_with_the_captioners_reason() =>
        Assert.Equal("The endpoint answered HTML.", Assert.IsType<StageResult.Failed>(await RunAsync(new CaptionResult.Failed("The endpoint answered HTML.", false))).Reason);

    [Fact]
    public void A_run_of_jpeg_files_is_cut_into_its_pictures()
    {
        byte[] run = [0xFF, 0xD8, 1, 0xFF, 0, 2, 0xFF, 0xD9, 0xFF, 0xD8, 3, 0xFF, 0xD9];
        Assert.Equal([8, 5], JpegFrames.Split(run).Select(picture => picture.Length));
        Assert.Empty(JpegFrames.Split([1, 2, 3]));
    }

    private CaptionStage Stage() => new(new MediaTools(Substitute.For<IProcessRunner>(), new MediaToolOptions()), _ => _captioner);

    private async Task<StageResult> RunAsync(CaptionResult answer)
    {
        _captioner.CaptionAsync(default!, default).ReturnsForAnyArgs(answer);
        var video = new VideoWork(new VideoId("v1"), new VideoMetadata { SourceKind = "folder", SourceKey = "a", Location = "a", Title = "t" }, null, MeasurementSet.Empty, new CurationOptions());
        var clip = new ClipWork(new ClipId("v1-0-1"), new ClipInterval(0, 6000), "", video, new MediaRef("abc", 1), "/nowhere.mp4", MeasurementSet.Empty);
        return Assert.Single(await Stage().RunAsync([clip], CancellationToken.None));
    }
}
