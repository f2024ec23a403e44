using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Fetch;
using MedGenCluster.Curation.Tests.Frames;

namespace MedGenCluster.Curation.Tests.Stages.Fetch;

public sealed class FetchStageTests
{
    private readonly FetchStage _stage = new();

    [Theory]
    [InlineData("plain.mp4")]
    [InlineData("-dash 'quote' \"x\"\nline ü.mp4")]
    public async Task A_local_file_is_used_where_it_lies(string name)
    {
        var path = MediaLab.NewPath(name);
        await File.WriteAllTextAsync(path, "abc");

        var measured = await StageLab.MeasuredAsync(_stage, StageLab.Video(path));

        Assert.Equal(path, measured.MediaPath);
        Assert.Null(measured.Media);
        Assert.Equal(3, measured.Measurement.Scores["bytes"]);
        Assert.Equal("""{"bytes":3,"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}""", measured.Measurement.Data);
        Assert.True(StageLab.Decide(_stage, measured.Measurement).Passed);
    }

    [Fact]
    public async Task A_file_url_is_a_local_file()
    {
        var path = MediaLab.NewPath("with space.mp4");
        await File.WriteAllTextAsync(path, "abc");

        Assert.Equal(path, (await StageLab.MeasuredAsync(_stage, StageLab.Video(new Uri(path).AbsoluteUri))).MediaPath);
    }

    [Fact]
    public async Task What_is_not_there_empty_or_a_folder_fails_for_good()
    {
        var empty = MediaLab.NewPath("empty.mp4");
        await File.WriteAllTextAsync(empty, "");

        await AssertFailsAsync("/no/such/file.mp4", "does not exist");
        await AssertFailsAsync(Path.GetDirectoryName(empty)!, "is a folder");
        await AssertFailsAsync(empty, "is empty");
        await AssertFailsAsync("/dev/zero", "is empty");
        await AssertFailsAsync("https://example.org/video.mp4", "not a local file");
    }

    private async Task AssertFailsAsync(string location, string words)
    {
        var failed = await StageLab.FailedAsync(_stage, StageLab.Video(location));

        Assert.Contains(words, failed.Reason, StringComparison.Ordinal);
        Assert.False(failed.Retryable);
    }
}
