using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Processes;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Sources.YouTube;

namespace MedGenCluster.Curation.Tests.Sources.YouTube;

public sealed class YouTubeSourceTests
{
    private const string Channel = "https://www.youtube.com/@clinic";
    private const string Listed = Channel + "/videos";
    private const string TooMany = "ERROR: [youtube:tab] @clinic: Unable to download API page: HTTP Error 429: Too Many Requests";

    private readonly OpenNetwork _network = new();

    [Fact]
    public async Task A_channel_is_listed_in_its_order_with_what_the_list_knows()
    {
        var program = new ScriptedYtDlp(Script.Lists(
            Entry("aaaaaaaaaaa", "Knee", """, "duration": 61.0, "channel": "Clinic", "channel_id": "UC1", "uploader": "Clinic", "description": "how to" """),
            Entry("bbbbbbbbbbb", "Hip"),
            Entry("ccccccccccc", "Now", """, "live_status": "is_live" """),
            Entry("ddddddddddd", "Soon", """, "live_status": "is_upcoming" """)));

        var videos = await Source(program).Videos();

        Assert.Equal(["youtube:aaaaaaaaaaa", "youtube:bbbbbbbbbbb", "youtube:ccccccccccc", "youtube:ddddddddddd"], videos.Select(video => video.SourceKey));
        Assert.All(videos, video => Assert.Equal("youtube", video.SourceKind));
        Assert.Equal(("https://www.youtube.com/watch?v=aaaaaaaaaaa", "Knee", "how to", "Clinic", "UC1", 61.0),
            (videos[0].Location, videos[0].Title, videos[0].Description, videos[0].Channel, videos[0].ChannelId, videos[0].DurationSeconds));
        Assert.Equal([false, false, true, true], videos.Select(video => video.IsLive));
        Assert.All(videos, video => Assert.Empty(video.Warnings));
        Assert.Equal(["www.youtube.com"], _network.Asked);
        Assert.Equal([HostAnswer.Served], _network.Answers);
    }

    [Fact]
    public async Task The_program_is_asked_without_a_shell_configuration_or_cache()
    {
        var program = new ScriptedYtDlp(Script.Lists(Entry("aaaaaaaaaaa", "Knee")));

        await Source(program).All();

        var spec = Assert.Single(program.Specs);
        Assert.Equal("yt-dlp", spec.FileName);
        Assert.Equal(["--", Listed], spec.Arguments.TakeLast(2));
        Assert.All(["--ignore-config", "--no-cache-dir", "--no-color", "--newline", "--flat-playlist", "--lazy-playlist", "--dump-json"], option => Assert.Contains(option, spec.Arguments));
        Assert.NotNull(spec.IdleLimit);
        Assert.NotNull(spec.MemoryLimitBytes);
    }

    [Fact]
    public async Task What_the_list_itself_rules_out_is_skipped_with_the_reason()
    {
        var program = new ScriptedYtDlp(Script.Lists(
            Entry("aaaaaaaaaaa", "[Private video]"),
            Entry("bbbbbbbbbbb", "[Deleted video]"),
            Entry("ccccccccccc", "Members", """, "availability": "subscriber_only" """),
            """{"_type": "url", "ie_key": "YoutubeTab", "id": "PL1", "url": "https://www.youtube.com/playlist?list=PL1"}""",
            Entry("../../../x", "No id"),
            "not json",
            Entry("ddddddddddd", "Good"),
            Entry("ddddddddddd", "Again")));

        var source = Source(program);
        var items = await source.All();

        Assert.Equal("Good", Assert.IsType<SourceItem.Found>(items[6]).Video.Title);
        var skips = items.OfType<SourceItem.Skipped>().ToList();
        string[] reasons = ["private", "removed", "members-only", "YoutubeTab", "not a video", "no JSON", "the same video"];
        Assert.Equal(reasons.Length, skips.Count);
        Assert.All(skips.Zip(reasons), pair => Assert.Contains(pair.Second, pair.First.Reason, StringComparison.Ordinal));
        Assert.Equal((Listed + " entry 8", "https://www.youtube.com/watch?v=aaaaaaaaaaa"), (skips[6].Where, skips[0].Where));
    }

    [Fact]
    public async Task A_listing_shorter_than_the_channels_own_count_is_marked_incomplete()
    {
        var entries = Enumerable.Range(0, 12).Select(i => Entry($"aaaaaaaaa{i:00}", "Knee", """, "playlist_count": 20 """)).ToArray();

        var items = await Source(new ScriptedYtDlp(Script.Lists(entries))).All();

        Assert.Equal(12, items.OfType<SourceItem.Found>().Count());
        Assert.Equal(new SourceItem.Skipped(Listed, "the channel says 20 videos, 12 were listed"), items[^1]);
    }

    [Fact]
    public async Task A_complete_listing_is_not_marked_and_an_empty_one_is()
    {
        string[] entries = [Entry("aaaaaaaaaaa", "Knee", """, "playlist_count": 2 """), Entry("bbbbbbbbbbb", "[Private video]", """, "playlist_count": 2 """)];

        Assert.Equal(2, (await Source(new ScriptedYtDlp(Script.Lists(entries))).All()).Count);
        Assert.Contains("lists no videos", Assert.Single(await Source(new ScriptedYtDlp(Script.Lists())).Skips()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_video_is_listed_by_its_address()
    {
        var program = new ScriptedYtDlp(Script.Lists("""{"_type": "video", "id": "aaaaaaaaaaa", "extractor": "youtube", "title": "Knee", "license": "Creative Commons Attribution license (reuse allowed)", "playlist_count": null}"""));

        var video = Assert.Single(await Source(program, "https://youtu.be/aaaaaaaaaaa").Videos());

        Assert.Equal(("youtube:aaaaaaaaaaa", "Knee"), (video.SourceKey, video.Title));
        Assert.True(Licences.IsCreativeCommons(video.Licence));
    }

    [Fact]
    public async Task A_listing_that_is_refused_half_way_is_begun_again_and_repeats_nothing()
    {
        var program = new ScriptedYtDlp(
            new Script([Entry("aaaaaaaaaaa", "Knee"), Entry("bbbbbbbbbbb", "[Private video]")], TooMany, 1),
            Script.Fails("ERROR: [youtube:tab] @clinic: Unable to download API page: The read operation timed out"),
            Script.Lists(Entry("aaaaaaaaaaa", "Knee"), Entry("bbbbbbbbbbb", "[Private video]"), Entry("ccccccccccc", "Hip")));

        var items = await Source(program).All();

        Assert.Equal(["youtube:aaaaaaaaaaa", "youtube:ccccccccccc"], items.OfType<SourceItem.Found>().Select(found => found.Video.SourceKey));
        Assert.Single(items.OfType<SourceItem.Skipped>());
        Assert.Equal([HostAnswer.Throttled, HostAnswer.Served], _network.Answers);
        Assert.Contains(("youtube", Listed, FailureKind.EgressBlock), _network.Reports);
        Assert.Equal(("youtube", Listed, null), _network.Reports[^1]);
    }

    [Fact]
    public async Task A_source_that_refuses_for_longer_than_the_patience_fails_the_job_or_marks_what_was_listed()
    {
        var never = Enumerable.Repeat(Script.Fails(TooMany), 1000).ToArray();

        var error = await Assert.ThrowsAsync<SourceException>(() => Source(new ScriptedYtDlp(never)).All());
        var items = await Source(new ScriptedYtDlp([new Script([Entry("aaaaaaaaaaa", "Knee")], TooMany, 1), .. never])).All();

        Assert.Contains("429", error.Message, StringComparison.Ordinal);
        Assert.Contains(Listed, error.Message, StringComparison.Ordinal);
        Assert.IsType<SourceItem.Found>(items[0]);
        Assert.All(items.Skip(1).SkipLast(1), item => Assert.Contains("429", Assert.IsType<SourceItem.Waiting>(item).Reason, StringComparison.Ordinal));
        Assert.Contains("broke off after 1 entries", Assert.IsType<SourceItem.Skipped>(items[^1]).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shut_circuit_is_waited_for()
    {
        _network.Shut.Enqueue(TimeSpan.FromSeconds(4));
        _network.Shut.Enqueue(TimeSpan.FromSeconds(4));

        Assert.Single(await Source(new ScriptedYtDlp(Script.Lists(Entry("aaaaaaaaaaa", "Knee")))).Videos());
    }

    [Theory]
    [InlineData("ERROR: [youtube:tab] @clinic: This channel does not have a videos tab", "videos tab")]
    [InlineData("ERROR: [youtube:tab] @clinic: Unable to extract yt initial data; please report this issue on  https://github.com/yt-dlp", "newer")]
    public async Task What_waiting_does_not_mend_fails_at_once(string error, string words)
    {
        var thrown = await Assert.ThrowsAsync<SourceException>(() => Source(new ScriptedYtDlp(Script.Fails(error))).All());

        Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_program_fails_with_what_to_install()
    {
        var runner = new ProcessRunner(TimeProvider.System, new ProcessAccounting());
        var source = Source(runner, new YouTubeOptions { Program = "no-such-yt-dlp" });

        Assert.Contains("apt-get install yt-dlp", (await Assert.ThrowsAsync<SourceException>(() => source.All())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://example.org/videos", false, "not an address of YouTube")]
    [InlineData("http://10.1.2.3/videos", true, "may not be asked: 10.1.2.3 is a private address")]
    [InlineData("http://user:secret@example.org/videos", true, "may not be asked: it carries a user name")]
    [InlineData("http://localhost/videos", true, "may not be asked: ")]
    [InlineData("file:///etc/passwd", true, "no http or https address")]
    public async Task Other_addresses_are_refused_unless_both_the_option_and_the_policy_allow_them(string address, bool allow, string words)
    {
        var source = Source(new ScriptedYtDlp(), new YouTubeOptions { AllowOtherSites = allow }, address);

        Assert.Contains(words, (await Assert.ThrowsAsync<SourceException>(() => source.All())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listing_that_nobody_reads_on_is_stopped()
    {
        var endless = Enumerable.Range(0, 100_000).Select(i => Entry($"a{i:0000000000}", "Knee")).ToArray();
        var listing = Source(new ScriptedYtDlp(Script.Lists(endless))).ListAsync(CancellationToken.None).GetAsyncEnumerator();

        Assert.True(await listing.MoveNextAsync());
        await listing.DisposeAsync();

        Assert.Equal(("youtube", Listed, FailureKind.Network), _network.Reports[^1]);
    }

    private static string Entry(string id, string title, string more = "") =>
        $$"""{"_type": "url", "ie_key": "Youtube", "id": "{{id}}", "url": "https://www.youtube.com/watch?v={{id}}", "title": "{{title}}", "extractor": "youtube:tab"{{more}}}""";

    private YouTubeSource Source(ScriptedYtDlp program, string location = Channel) => Source(program, new YouTubeOptions(), location);

    private YouTubeSource Source(IProcessRunner runner, YouTubeOptions options, string location = Channel) =>
        new(location, new YtDlp(runner, options), options, _network, _network, new UrlPolicy(new UrlPolicyOptions()), new HurriedTime());
}
