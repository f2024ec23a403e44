using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Processes;
using MedGenCluster.Curation.Sources.YouTube;
using MedGenCluster.Curation.Stages.Fetch;

namespace MedGenCluster.Curation.Tests.Sources.YouTube;

public sealed class YouTubeFetcherTests : IDisposable
{
    private const string Address = "https://www.youtube.com/watch?v=aaaaaaaaaaa";

    private const string Info = """
        {"id":"aaaaaaaaaaa","extractor":"youtube","title":"Knee","description":"How to","license":"Creative Commons Attribution license (reuse allowed)","channel":"Clinic",
         "channel_id":"UC1","uploader":"Clinic","upload_date":"20240131","duration":61,"tags":["knee"],"chapters":[{"title":"one","start_time":0,"end_time":5}]}
        """;

    private readonly OpenNetwork _network = new();
    private readonly TemporaryFolder _folder = new();

    private string Folder => Path.Combine(_folder.Root, "work", "v1");

    [Fact]
    public async Task A_fetch_brings_the_media_and_what_is_known_of_it()
    {
        var program = new ScriptedYtDlp(Script.Fetches(Info, ("media.en.vtt", "WEBVTT\n"), ("media.en-GB.vtt", "WEBVTT\n")));

        var fetched = Assert.IsType<FetchOutcome.Fetched>(await FetchAsync(program));

        var video = fetched.Video;
        Assert.Equal("pictures", await File.ReadAllTextAsync(fetched.Path));
        Assert.StartsWith(Folder, fetched.Path, StringComparison.Ordinal);
        Assert.Equal(new DateTimeOffset(2025, 7, 8, 0, 0, 0, TimeSpan.Zero), fetched.RetrievedAt);
        Assert.Equal(Video().Id, video.Id);
        Assert.Equal(("Knee", "How to", "Clinic", "UC1", "Clinic", "20240131", 61.0), (video.Title, video.Description, video.Channel, video.ChannelId, video.Uploader, video.UploadDate, video.DurationSeconds));
        Assert.Equal((Address, "Creative Commons Attribution license (reuse allowed)"), (video.Url, video.Licence));
        Assert.Equal([new Chapter("one", 0, 5)], video.Chapters);
        Assert.Equal(["knee"], video.Tags);
        Assert.Equal(Path.Combine(Folder, "media.en.vtt"), video.TranscriptPath);
        Assert.Empty(video.Warnings);
        Assert.Equal([("youtube", Video().Id.Value, (FailureKind?)null)], _network.Reports.Distinct());
    }

    [Fact]
    public async Task File_names_are_ours_and_the_picture_is_asked_for_without_sound_and_up_to_720_lines()
    {
        var program = new ScriptedYtDlp(Script.Fetches(Info));

        await FetchAsync(program);

        var spec = Assert.Single(program.Specs);
        var line = string.Join(' ', spec.Arguments);
        Assert.Equal(Folder, spec.WorkingDirectory);
        Assert.Contains("--output media --", line, StringComparison.Ordinal);
        Assert.EndsWith("-- " + Address, line, StringComparison.Ordinal);
        Assert.Contains("--format bv/bv* --format-sort res:720,", line, StringComparison.Ordinal);
        Assert.Contains("--write-subs --write-auto-subs --sub-format vtt --sub-langs en,en-US,en-GB", line, StringComparison.Ordinal);
        Assert.All(["--continue", "--write-info-json", "--no-playlist", "--ignore-config", "--limit-rate", "--sleep-requests"], option => Assert.Contains(option, spec.Arguments));
    }

    [Fact]
    public async Task What_is_known_can_be_learnt_without_the_media()
    {
        var program = new ScriptedYtDlp(new Script([], InFolder: folder => File.WriteAllText(Path.Combine(folder, "media.info.json"), Info)));

        var described = Assert.IsType<FetchOutcome.Described>(await Fetcher(new YtDlp(program, new YouTubeOptions())).DescribeAsync(Video(), Folder, CancellationToken.None));

        Assert.Equal(("Knee", "Creative Commons Attribution license (reuse allowed)"), (described.Video.Title, described.Video.Licence));
        Assert.Equal(Video().Id, described.Video.Id);
        Assert.Contains("--skip-download", Assert.Single(program.Specs).Arguments);
        Assert.False(File.Exists(Path.Combine(Folder, "media")));
    }

    [Fact]
    public async Task A_complete_fetch_is_used_again_without_a_request()
    {
        var first = Assert.IsType<FetchOutcome.Fetched>(await FetchAsync(new ScriptedYtDlp(Script.Fetches(Info, ("media.en.vtt", "WEBVTT\n")))));
        var nothing = new ScriptedYtDlp();

        var second = Assert.IsType<FetchOutcome.Fetched>(await FetchAsync(nothing));

        Assert.Equal((first.Path, first.RetrievedAt, first.Video.TranscriptPath), (second.Path, second.RetrievedAt, second.Video.TranscriptPath));
        Assert.Equal(first.Video.Description, second.Video.Description);
        Assert.Empty(nothing.Specs);
        Assert.Single(_network.Asked);
    }

    [Theory]
    [InlineData("media", "shorter")]
    [InlineData("fetched.json", "{")]
    [InlineData("fetched.json", "null")]
    public async Task A_folder_whose_marker_does_not_fit_is_fetched_again(string name, string content)
    {
        await FetchAsync(new ScriptedYtDlp(Script.Fetches(Info)));
        await File.WriteAllTextAsync(Path.Combine(Folder, name), content);
        var again = new ScriptedYtDlp(Script.Fetches(Info));

        Assert.IsType<FetchOutcome.Fetched>(await FetchAsync(again));

        Assert.Single(again.Specs);
    }

    [Theory]
    [InlineData("Private video. Sign in if you've been granted access to this video", "private")]
    [InlineData("Sign in to confirm your age. This video may be inappropriate for some users.", "age-restricted")]
    [InlineData("Premieres in 3 hours", "upcoming")]
    public async Task What_cannot_be_had_is_refused_with_its_code(string error, string code)
    {
        var refused = Assert.IsType<FetchOutcome.Refused>(await FetchAsync(new ScriptedYtDlp(Script.Fails("ERROR: [youtube] aaaaaaaaaaa: " + error))));

        Assert.Equal(code, refused.Code);
        Assert.Equal([HostAnswer.Served], _network.Answers);
        Assert.Equal([("youtube", Video().Id.Value, FailureKind.VideoSpecific)], _network.Reports);
    }

    [Fact]
    public async Task A_running_stream_is_refused_before_a_byte_of_it()
    {
        var program = new ScriptedYtDlp(new Script(["[download] Now does not pass filter (!is_live & live_status!=?is_upcoming), skipping .."]));

        Assert.Equal("live", Assert.IsType<FetchOutcome.Refused>(await FetchAsync(program)).Code);
    }

    [Theory]
    [InlineData("ERROR: unable to download video data: HTTP Error 403: Forbidden", FailureKind.EgressBlock)]
    [InlineData("ERROR: [youtube] aaaaaaaaaaa: Unable to extract initial player response", FailureKind.ClientBroken)]
    public async Task A_refused_machine_or_broken_client_costs_the_item_nothing(string error, FailureKind kind)
    {
        var postponed = Assert.IsType<FetchOutcome.Postponed>(await FetchAsync(new ScriptedYtDlp(Script.Fails(error))));

        Assert.Equal(TimeSpan.FromSeconds(3), postponed.After);
        Assert.Equal([("youtube", Video().Id.Value, kind)], _network.Reports);
    }

    [Fact]
    public async Task A_refusal_that_is_the_items_own_costs_an_attempt()
    {
        _network.Away = null;

        var failed = Assert.IsType<FetchOutcome.Failed>(await FetchAsync(new ScriptedYtDlp(Script.Fails("ERROR: unable to download video data: HTTP Error 403: Forbidden"))));

        Assert.True(failed.Retryable);
    }

    [Fact]
    public async Task A_shut_circuit_starts_nothing()
    {
        _network.Shut.Enqueue(TimeSpan.FromSeconds(2));
        var program = new ScriptedYtDlp();

        Assert.Equal(TimeSpan.FromSeconds(2), Assert.IsType<FetchOutcome.Postponed>(await FetchAsync(program)).After);
        Assert.Empty(program.Specs);
        Assert.Empty(_network.Asked);
    }

    [Fact]
    public async Task A_host_that_rests_is_not_waited_for()
    {
        _network.Rest = TimeSpan.FromSeconds(30);
        var program = new ScriptedYtDlp();

        Assert.Equal(TimeSpan.FromSeconds(30), Assert.IsType<FetchOutcome.Postponed>(await FetchAsync(program)).After);
        Assert.Empty(program.Specs);
    }

    [Fact]
    public async Task A_missing_program_postpones_everything_and_says_what_to_install()
    {
        var fetcher = Fetcher(new YtDlp(new ProcessRunner(TimeProvider.System, new ProcessAccounting()), new YouTubeOptions { Program = "no-such-yt-dlp" }));

        var postponed = Assert.IsType<FetchOutcome.Postponed>(await fetcher.FetchAsync(Video(), Folder, default));

        Assert.Contains("apt-get install yt-dlp", postponed.Reason, StringComparison.Ordinal);
        Assert.Equal(FailureKind.ClientBroken, Assert.Single(_network.Reports).Failure);
    }

    [Fact]
    public async Task Lost_subtitles_are_a_warning()
    {
        var script = Script.Fetches(Info) with { Errors = "WARNING: Unable to download video subtitles for 'en': HTTP Error 429: Too Many Requests" };

        var fetched = Assert.IsType<FetchOutcome.Fetched>(await FetchAsync(new ScriptedYtDlp(script)));

        Assert.Null(fetched.Video.TranscriptPath);
        Assert.Contains("subtitles", Assert.Single(fetched.Video.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://www.youtube.com/@clinic", "unsupported-url")]
    [InlineData("https://example.org/v.mp4", "unsupported-url")]
    [InlineData("/etc/passwd", "unsupported-url")]
    public async Task What_is_no_video_of_youtube_is_refused(string location, string code)
    {
        var outcome = await Fetcher(new YtDlp(new ScriptedYtDlp(), new YouTubeOptions())).FetchAsync(Video() with { Location = location }, Folder, default);

        Assert.Equal(code, Assert.IsType<FetchOutcome.Refused>(outcome).Code);
    }

    [Theory]
    [InlineData("2023.03.04", true)]
    [InlineData("2025.11.11", true)]
    [InlineData("2025.11.12", false)]
    [InlineData("2026.01.01.232900", false)]
    public async Task Address_space_is_limited_but_for_releases_that_need_a_javascript_engine(string version, bool limited)
    {
        var program = new ScriptedYtDlp(Script.Fetches(Info)) { Version = version };

        await FetchAsync(program);

        Assert.Equal(limited, Assert.Single(program.Specs).MemoryLimitBytes is not null);
    }

    [Fact]
    public void Videos_of_youtube_are_handled_whatever_list_names_them()
    {
        var fetcher = Fetcher(new YtDlp(new ScriptedYtDlp(), new YouTubeOptions()));

        Assert.True(fetcher.Handles(Video() with { SourceKind = "manifest" }));
        Assert.False(fetcher.Handles(Video() with { SourceKind = "manifest", Location = "https://example.org/v.mp4" }));
        Assert.False(fetcher.Handles(Video() with { SourceKind = "folder", Location = "/videos/v.mp4" }));
    }

    public void Dispose() => _folder.Dispose();

    private static VideoMetadata Video() => new() { SourceKind = "youtube", SourceKey = "youtube:aaaaaaaaaaa", Location = Address, Title = "Knee ..." };

    private YouTubeFetcher Fetcher(YtDlp program) => new(program, new YouTubeOptions(), _network, _network, new UrlPolicy(new UrlPolicyOptions()), new HurriedTime());

    private Task<FetchOutcome> FetchAsync(ScriptedYtDlp program) => Fetcher(new YtDlp(program, new YouTubeOptions())).FetchAsync(Video(), Folder, default);
}
