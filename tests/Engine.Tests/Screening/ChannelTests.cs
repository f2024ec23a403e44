using MedGenCluster.Curation.Sources;
using MedGenCluster.Engine.Screening.Crawl;

namespace MedGenCluster.Engine.Tests.Screening;

public sealed class ChannelTests : IDisposable
{
    private readonly ScreeningBench _bench = new();

    public void Dispose() => _bench.Dispose();

    private static IEnumerable<string> Rows(string channel, int medical, int other, string more = "") =>
        Enumerable.Range(0, medical + other).Select(i => ScreeningBench.Row($"{channel}-{i}", i < medical ? "aorta p=0.80" : "cats", channel, more));

    [Fact]
    public async Task A_channel_of_one_lucky_row_ranks_behind_one_of_a_hundred()
    {
        _bench.Write("a.ndjson", [.. Rows("lucky", 1, 0), .. Rows("steady", 95, 5), .. Rows("rare", 2, 98), .. Rows("none", 0, 50)]);

        var report = await _bench.CompleteAsync();

        Assert.Equal(3, report.Channels);
        Assert.Equal(
            ["1 steady 95/100", "2 lucky 1/1", "3 rare 2/100"],
            _bench.Channels().Select(row => $"{row.GetProperty("rank")} {row.GetProperty("channel_id")} {row.GetProperty("survivors")}/{row.GetProperty("rows")}"));
        Assert.Equal(0.8, _bench.Channels()[0].GetProperty("mean_probability").GetDouble());
        Assert.Equal(0.95, _bench.Channels()[0].GetProperty("medical_share").GetDouble());
        Assert.Equal(95, _bench.Channels()[0].GetProperty("categories").GetProperty("anatomy").GetInt64());
    }

    [Fact]
    public async Task Rows_of_a_channel_are_counted_across_shards_and_files()
    {
        _bench.Write("a.ndjson", [.. Rows("c", 1, 500)]);
        _bench.Write("b.ndjson", [.. Rows("c", 2, 300)]);

        await _bench.CompleteAsync(_bench.Options with { BlockBytes = 4096, ShardBytes = 1 });

        Assert.Equal(803, Assert.Single(_bench.Channels()).GetProperty("rows").GetInt64());
    }

    [Fact]
    public async Task A_channel_is_known_by_id_then_url_then_name_and_survivors_without_any_are_counted()
    {
        _bench.Write("a.ndjson",
            ScreeningBench.Row("1", "aorta", "c", ",\"channel\":\"One name\""), ScreeningBench.Row("2", "aorta", "c", ",\"channel\":\"Another name\""),
            ScreeningBench.Row("3", "aorta", more: ",\"channel_url\":\"https://example.org/c\""), ScreeningBench.Row("4", "aorta", more: ",\"channel\":\"N\\u00e4me\""),
            ScreeningBench.Row("5", "cats", more: ",\"channel\":\"Näme\""), ScreeningBench.Row("6", "aorta"));

        var report = await _bench.CompleteAsync();

        Assert.Equal((3, 1), (report.Channels, report.SurvivorsWithoutChannel));
        Assert.Equal(
            ["2/2 One name", "1/1 ", "1/2 Näme"],
            _bench.Channels().OrderByDescending(row => row.GetProperty("lower_bound").GetDouble()).Select(row => $"{row.GetProperty("survivors")}/{row.GetProperty("rows")} {row.GetProperty("channel")}"));
    }

    [Fact]
    public async Task Chosen_channels_become_crawls_of_their_own_and_the_rest_a_manifest()
    {
        Directory.CreateDirectory(Path.Combine(_bench.Inputs, "videos"));
        _bench.Write("a.ndjson",
        [
            .. Rows("tube", 30, 0, ",\"channel_url\":\"https://www.youtube.com/@surgeons\""),
            .. Rows("local", 20, 0, ",\"channel_url\":\"videos\""),
            .. Rows("gone", 15, 0, ",\"channel_url\":\"no-such-folder\""),
            .. Rows("other", 9, 1, ",\"channel_url\":\"https://example.org/c\",\"url\":\"https://example.org/v.mp4\",\"license\":\"CC BY\",\"uploader\":\"U\""),
            .. Rows("files", 8, 1, ",\"path\":\"clips/v.mp4\",\"tags\":[\"a\"]"),
            .. Rows("poor", 1, 99, ",\"channel_url\":\"https://www.youtube.com/@cats\""),
        ]);
        await _bench.CompleteAsync();

        var plan = CrawlPlanner.Plan(_bench.Results, new ChannelChoice());

        Assert.Equal((6, 5, 17), (plan.Considered, plan.Chosen, plan.ManifestRows));
        Assert.Equal(
            [new SourceSpec("youtube", "https://www.youtube.com/@surgeons"), new SourceSpec("folder", Path.Combine(_bench.Inputs, "videos")), new SourceSpec("manifest", _bench.Results.CrawlManifest)],
            plan.Crawls.Select(crawl => crawl.Source));
        Assert.Contains("no-such-folder", Assert.Single(plan.LeftOut));
        var videos = new List<MedGenCluster.Curation.Domain.VideoMetadata>();
        await foreach (var item in new ManifestSource(_bench.Results.CrawlManifest).ListAsync(CancellationToken.None))
        {
            videos.Add(Assert.IsType<SourceItem.Found>(item).Video);
        }

        Assert.Equal(17, videos.Count);
        Assert.Equal(("https://example.org/v.mp4", "CC BY", "U", "other"), (videos[0].Url, videos[0].Licence, videos[0].Uploader, videos[0].ChannelId));
        Assert.Equal(Path.Combine(_bench.Inputs, "clips", "v.mp4"), videos[^1].Location);
        Assert.Equal(["a"], videos[^1].Tags);
        var manifest = File.ReadAllText(_bench.Results.CrawlManifest);
        Assert.Equal(plan.Crawls, CrawlPlanner.Plan(_bench.Results, new ChannelChoice()).Crawls);
        Assert.Equal(manifest, File.ReadAllText(_bench.Results.CrawlManifest));
    }

    [Fact]
    public async Task The_best_channels_alone_are_crawled_where_only_so_many_are_asked_for()
    {
        _bench.Write("a.ndjson",
            [.. Rows("a", 1, 1, ",\"channel_url\":\"https://youtube.com/c/a\""), .. Rows("b", 9, 0, ",\"channel_url\":\"https://youtube.com/c/b\"")]);
        await _bench.CompleteAsync();

        Assert.Equal("https://youtube.com/c/b", Assert.Single(CrawlPlanner.Plan(_bench.Results, new ChannelChoice { MaxChannels = 1 }).Crawls).Source.Location);
        Assert.Empty(CrawlPlanner.Plan(_bench.Results, new ChannelChoice { MinShare = 1.0, MaxChannels = 0 }).Crawls);
    }

    [Fact]
    public void A_folder_without_a_finished_screening_is_refused_with_the_command_to_run()
    {
        Assert.Contains("medgen screen", Assert.Throws<SourceException>(() => CrawlPlanner.Plan(_bench.Results, new ChannelChoice())).Message);
    }
}
