using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Processes;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Sources.YouTube;
using MedGenCluster.Curation.Stages.Fetch;
using MedGenCluster.StandIn;

namespace MedGenCluster.Curation.Tests.Sources.YouTube;

/// <summary>yt-dlp itself against a server that misbehaves: what the scripted tests assume of its messages and files holds.</summary>
public sealed class YtDlpOnTheNetworkTests : IAsyncLifetime, IDisposable
{
    private const string Knee = "/videos/knee.mp4";

    private static readonly UrlPolicy Policy = new(new UrlPolicyOptions { AllowLoopback = true });

    private static readonly YouTubeOptions Options = new()
    {
        AllowOtherSites = true,
        PauseSeconds = 0,
        // Long enough for a busy machine.
        SocketTimeout = TimeSpan.FromSeconds(20),
        IdleLimit = TimeSpan.FromSeconds(60),
        RateLimitBytes = 0,
    };

    // One for all tests, as each asks the program for its version first.
    private static readonly YtDlp Program = new(new ProcessRunner(TimeProvider.System, new ProcessAccounting()), Options);

    private readonly OpenNetwork _network = new() { Away = TimeSpan.FromMilliseconds(1) };
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _media = StandInFile.Noise(1 << 20);
    private StandInServer _net = null!;

    private string Folder(string path) => Path.Combine(_folder.Root, Path.GetFileName(path));

    [YtDlpFact]
    public async Task A_feed_is_listed_after_a_throttled_start()
    {
        var feed = _net.Add(new StandInChannel("knee", "Knee surgery",
        [
            new("id-1", Knee, "Arthroscopy", "how to", Duration: TimeSpan.FromSeconds(61)),
            new("id-2", "/videos/hip.mp4", "Hip"),
        ]));
        _net.Troubles.At(feed.AbsolutePath, Trouble.Throttled(), times: 1);
        var source = new YouTubeSource(feed.AbsoluteUri, Program, Options, _network, _network, Policy, TimeProvider.System);

        var videos = await source.Videos();

        Assert.Equal([_net.Url(Knee).AbsoluteUri, _net.Url("/videos/hip.mp4").AbsoluteUri], videos.Select(video => video.Location));
        Assert.Equal(("Arthroscopy", "how to", 61.0, _net.Url(Knee).AbsoluteUri), (videos[0].Title, videos[0].Description, videos[0].DurationSeconds, videos[0].SourceKey));
        Assert.Equal([HostAnswer.Throttled, HostAnswer.Served], _network.Answers);
        Assert.All(_network.Asked, host => Assert.Equal(_net.Root.Authority, host));
    }

    [YtDlpFact]
    public async Task A_file_is_fetched_behind_a_redirect_and_used_again_without_a_request()
    {
        _net.Troubles.At("/moved", new Trouble.Redirect(Knee));

        var fetched = Assert.IsType<FetchOutcome.Fetched>(await FetchAsync("/moved"));
        int requests = _net.Log.All.Count;
        var again = Assert.IsType<FetchOutcome.Fetched>(await FetchAsync("/moved"));

        Assert.Equal(_media, await File.ReadAllBytesAsync(fetched.Path));
        Assert.Equal(("As listed", "youtube"), (fetched.Video.Title, fetched.Video.SourceKind));
        Assert.Equal(["fetched.json", "media", "media.info.json"], Directory.GetFiles(Folder("/moved")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(fetched.RetrievedAt, again.RetrievedAt);
        Assert.Equal(requests, _net.Log.All.Count);
    }

    [YtDlpFact]
    public async Task A_fetch_that_is_killed_goes_on_where_it_was()
    {
        using var killing = new CancellationTokenSource();
        var slow = new YtDlp(new ProcessRunner(TimeProvider.System, new ProcessAccounting()), Options with { RateLimitBytes = 400_000 });
        var fetching = FetchAsync(Knee, killing.Token, program: slow);
        await UntilAsync(() => new FileInfo(Path.Combine(Folder(Knee), "media.part")) is { Exists: true, Length: > 100_000 }, fetching);

        await killing.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        var fetched = Assert.IsType<FetchOutcome.Fetched>(await FetchAsync(Knee));

        Assert.Equal(_media, await File.ReadAllBytesAsync(fetched.Path));
        Assert.StartsWith("bytes=", _net.Log.Of(Knee)[^1].Range, StringComparison.Ordinal);
        Assert.Equal(206, _net.Log.Of(Knee)[^1].Status);
    }

    [YtDlpFact]
    public async Task A_wave_of_403_postpones_everything_at_the_cost_of_one_request_and_work_goes_on_when_it_is_over()
    {
        var time = new HurriedTime();
        var circuit = new SourceCircuit(new SourceCircuitOptions(), time);
        _net.Add("/videos/hip.mp4", _media);
        _net.Troubles.Everywhere(Trouble.Forbidden);

        var refused = Assert.IsType<FetchOutcome.Postponed>(await FetchAsync(Knee, circuit: circuit));
        int requests = _net.Log.All.Count;
        var other = Assert.IsType<FetchOutcome.Postponed>(await FetchAsync("/videos/hip.mp4", circuit: circuit));
        _net.Troubles.Clear();

        Assert.Contains("403", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(requests, _net.Log.All.Count);
        Assert.All([refused.After, other.After], after => Assert.InRange(after, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(10)));
        await Task.Delay(refused.After, time);
        // Whoever was refused least tries first; its success lets the other in.
        Assert.IsType<FetchOutcome.Fetched>(await FetchAsync("/videos/hip.mp4", circuit: circuit));
        Assert.IsType<FetchOutcome.Fetched>(await FetchAsync(Knee, circuit: circuit));
        Assert.Empty(circuit.OpenSources);
    }

    [YtDlpFact]
    public async Task A_body_that_is_cut_short_is_the_networks_and_its_part_is_kept()
    {
        _net.Troubles.At(Knee, new Trouble.Truncate(300_000));
        var failed = Assert.IsType<FetchOutcome.Failed>(await FetchAsync(Knee));
        _net.Troubles.Clear();

        Assert.True(failed.Retryable, failed.Reason);
        Assert.Equal(FailureKind.Network, _network.Reports[^1].Failure);
        Assert.Equal(_media, await File.ReadAllBytesAsync(Assert.IsType<FetchOutcome.Fetched>(await FetchAsync(Knee)).Path));
        Assert.Equal(206, _net.Log.Of(Knee)[^1].Status);
    }

    [YtDlpFact]
    public async Task A_body_that_stalls_is_the_networks()
    {
        var hasty = new YtDlp(new ProcessRunner(TimeProvider.System, new ProcessAccounting()), Options with { SocketTimeout = TimeSpan.FromSeconds(1) });
        _net.Troubles.At(Knee, new Trouble.Stall(300_000));

        var failed = Assert.IsType<FetchOutcome.Failed>(await FetchAsync(Knee, program: hasty));

        Assert.True(failed.Retryable, failed.Reason);
        Assert.Equal(FailureKind.Network, _network.Reports[^1].Failure);
    }

    [YtDlpFact]
    public async Task Removed_and_running_videos_are_refused()
    {
        _net.Add(new StandInChannel("x", "X", [new("g", "/gone", "Gone", Kind: StandInItemKind.Removed), new("l", "/live.m3u8", "Live", Kind: StandInItemKind.Live)]));

        Assert.Equal("unavailable", Assert.IsType<FetchOutcome.Refused>(await FetchAsync("/gone")).Code);
        Assert.Equal("live", Assert.IsType<FetchOutcome.Refused>(await FetchAsync("/live.m3u8")).Code);
    }

    public async Task InitializeAsync()
    {
        _net = await StandInServer.StartAsync();
        _net.Add(Knee, _media);
    }

    public async Task DisposeAsync() => await _net.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    private static async Task UntilAsync(Func<bool> holds, Task orEnds)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!holds() && !orEnds.IsCompleted)
        {
            await tick.WaitForNextTickAsync();
        }
    }

    private Task<FetchOutcome> FetchAsync(string path, CancellationToken cancellationToken = default, ISourceCircuit? circuit = null, YtDlp? program = null)
    {
        var url = _net.Url(path).AbsoluteUri;
        var video = new VideoMetadata { SourceKind = SourceKinds.YouTube, SourceKey = url, Location = url, Title = "As listed" };
        return new YouTubeFetcher(program ?? Program, Options, _network, circuit ?? _network, Policy, TimeProvider.System).FetchAsync(video, Folder(path), cancellationToken);
    }
}
