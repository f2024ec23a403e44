using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Fetch;
using MedGenCluster.Curation.Tests.Frames;
using NSubstitute;

namespace MedGenCluster.Curation.Tests.Stages.Fetch;

public sealed class FetchStageTests : IDisposable
{
    private readonly IMediaFetcher _fetcher = Substitute.For<IMediaFetcher>();
    private readonly string _downloads = Directory.CreateTempSubdirectory("medgen-downloads-").FullName;
    private readonly FetchStage _stage;

    public FetchStageTests() => _stage = new FetchStage([_fetcher], _downloads);

    public void Dispose() => Directory.Delete(_downloads, recursive: true);

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
        await AssertFailsAsync("https://example.org/video.mp4", "neither a local file nor an address");
    }

    [Fact]
    public async Task An_address_is_fetched_into_a_folder_of_the_videos_own_and_what_was_learnt_is_kept()
    {
        var at = new DateTimeOffset(2025, 7, 8, 1, 2, 3, TimeSpan.Zero);
        var work = StageLab.Video(Address);
        var path = Path.Combine(_downloads, work.Id.Value, "media.mp4");
        Answers(call =>
        {
            File.WriteAllText(path, "abc");
            return new FetchOutcome.Fetched(path, work.Metadata with { Licence = "CC BY 4.0", Description = "learnt" }, at);
        });

        var measured = await StageLab.MeasuredAsync(_stage, work);

        Assert.Equal((path, "learnt", 1.0), (measured.MediaPath, measured.Metadata!.Description, measured.Measurement.Scores["creativeCommons"]));
        Assert.Equal(at, FetchedFile.Of(new MeasurementSet([measured.Measurement]))!.RetrievedAt);
        await _fetcher.Received().FetchAsync(work.Metadata, Path.Combine(_downloads, work.Id.Value), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task What_the_source_never_gives_is_rejected_with_its_code()
    {
        Answers(_ => new FetchOutcome.Refused("private", "This video is private."));
        var verdict = await StageLab.VerdictAsync(_stage, StageLab.Video(Address));
        Assert.Equal((false, "private"), (verdict.Passed, verdict.Reason));
    }

    [Fact]
    public async Task A_source_that_stands_still_postpones_the_item()
    {
        Answers(_ => new FetchOutcome.Postponed("example.org refuses this machine.", TimeSpan.FromSeconds(4)));
        var result = Assert.Single(await _stage.RunAsync([StageLab.Video(Address)], CancellationToken.None));
        Assert.Equal(new StageResult.Postponed("example.org refuses this machine.", TimeSpan.FromSeconds(4)), result);
    }

    [Theory]
    [InlineData("CC BY 4.0", true)]
    [InlineData("YouTube", false)]
    [InlineData(null, false)]
    public async Task With_creative_commons_alone_every_other_or_unknown_licence_is_turned_away(string? licence, bool passes)
    {
        var path = MediaLab.NewPath("licensed.mp4");
        await File.WriteAllTextAsync(path, "abc");
        var work = StageLab.Video(path);
        var measured = await StageLab.MeasuredAsync(_stage, work with { Metadata = work.Metadata with { Licence = licence } });

        var only = new CurationOptions { Licence = new LicenceOptions { Only = LicencePolicy.CreativeCommons } };
        Assert.Equal(passes, _stage.Decide(new MeasurementSet([measured.Measurement]), only).Passed);
        Assert.True(_stage.Decide(new MeasurementSet([measured.Measurement]), new CurationOptions()).Passed);
    }

    [Theory]
    [InlineData("CC BY 4.0", true)]
    [InlineData(null, false)]
    public async Task What_may_not_be_used_is_not_downloaded(string? licence, bool fetched)
    {
        var work = StageLab.Video(Address) with { Options = new CurationOptions { Licence = new LicenceOptions { Only = LicencePolicy.CreativeCommons } } };
        Answers(_ => new FetchOutcome.Failed("asked for the media", Retryable: false));
        _fetcher.DescribeAsync(default!, default!, default).ReturnsForAnyArgs(new FetchOutcome.Described(work.Metadata with { Licence = licence }));

        var result = Assert.Single(await _stage.RunAsync([work], CancellationToken.None));

        Assert.Equal(fetched, result is StageResult.Failed { Reason: "asked for the media" });
        if (result is StageResult.Measured measured)
        {
            Assert.Equal("licence", _stage.Decide(new MeasurementSet([measured.Measurement]), work.Options).Reason);
        }
    }

    private const string Address = "https://example.org/video.mp4";

    private void Answers(Func<NSubstitute.Core.CallInfo, FetchOutcome> answer)
    {
        _fetcher.Handles(default!).ReturnsForAnyArgs(true);
        _fetcher.FetchAsync(default!, default!, default).ReturnsForAnyArgs(call => answer(call));
    }

    private async Task AssertFailsAsync(string location, string words)
    {
        var failed = await StageLab.FailedAsync(_stage, StageLab.Video(location));

        Assert.Contains(words, failed.Reason, StringComparison.Ordinal);
        Assert.False(failed.Retryable);
    }
}
