using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages.Fetch;
using MedGenCluster.Curation.Tests.Network.Download;
using MedGenCluster.Engine.Tests.Support;
using MedGenCluster.StandIn;

namespace MedGenCluster.Curation.Tests.Stages.Fetch;

public sealed class HttpFetcherTests
{
    private const string Path = "/videos/knee.mp4";

    [Theory]
    [InlineData(SourceKinds.Http, "https://example.org/a.mp4", true)]
    [InlineData(SourceKinds.Manifest, "http://example.org/a.mp4", true)]
    [InlineData(SourceKinds.Manifest, "/videos/a.mp4", false)]
    [InlineData(SourceKinds.Folder, "http://example.org/a.mp4", false)]
    [InlineData("youtube", "https://www.youtube.com/watch?v=abc", false)]
    public async Task Urls_of_files_are_handled(string kind, string location, bool handled)
    {
        await using var lab = await DownloadLab.OpenAsync();

        Assert.Equal(handled, new HttpFetcher(lab.Downloader).Handles(new VideoMetadata { SourceKind = kind, SourceKey = "k", Location = location }));
    }

    [Fact]
    public async Task Ends_of_downloads_are_ends_of_fetches()
    {
        await using var lab = await DownloadLab.OpenAsync();
        var fetcher = new HttpFetcher(lab.Downloader);
        lab.Net.Add(Path, StandInFile.Noise(1000));
        lab.Net.Troubles.At("/broken.mp4", new Trouble.Status(500));

        var fetched = Assert.IsType<FetchOutcome.Fetched>(await FetchAsync(Path));
        Assert.True(File.Exists(fetched.Path));
        Assert.Equal("not-found", Assert.IsType<FetchOutcome.Refused>(await FetchAsync("/gone.mp4")).Code);
        Assert.True(Assert.IsType<FetchOutcome.Failed>(await FetchAsync("/broken.mp4")).Retryable);
        lab.Net.Troubles.Everywhere(Trouble.Forbidden);
        Assert.IsType<FetchOutcome.Postponed>(await FetchAsync("/new.mp4"));

        Task<FetchOutcome> FetchAsync(string path) => fetcher.FetchAsync(Video(lab.Net.Url(path)), System.IO.Path.Combine(lab.Folder, path[1..]), default).Soon();
    }

    [Fact]
    public async Task A_wave_of_403_for_30_seconds_fails_nobody_and_work_goes_on_within_10_seconds_of_its_end()
    {
        var time = new FakeTime();
        await using var lab = await DownloadLab.OpenAsync(time: time);
        var fetcher = new HttpFetcher(lab.Downloader);
        var due = new PriorityQueue<int, TimeSpan>();
        for (var item = 0; item < 30; item++)
        {
            lab.Net.Add($"/{item}.mp4", StandInFile.Noise(1000, item));
            due.Enqueue(item, TimeSpan.Zero);
        }

        lab.Net.Troubles.Everywhere(Trouble.Forbidden);
        var arrivals = new List<TimeSpan>();
        while (due.TryDequeue(out var item, out var when))
        {
            time.Advance(when > time.Elapsed ? when - time.Elapsed : TimeSpan.FromMilliseconds(10));
            if (time.Elapsed >= TimeSpan.FromSeconds(30))
            {
                lab.Net.Troubles.Clear();
            }

            switch (await fetcher.FetchAsync(Video(lab.Net.Url($"/{item}.mp4")), System.IO.Path.Combine(lab.Folder, $"{item}"), default).Soon())
            {
                case FetchOutcome.Fetched:
                    arrivals.Add(time.Elapsed);
                    break;
                case FetchOutcome.Postponed postponed:
                    due.Enqueue(item, time.Elapsed + postponed.After);
                    break;
                case var other:
                    Assert.Fail($"An item paid for the wave: {other}");
                    break;
            }
        }

        Assert.Equal(30, arrivals.Count);
        Assert.InRange(arrivals[0], TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(40));
        Assert.InRange(arrivals[^1], TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(45));
        Assert.True(lab.Net.Log.All.Count(request => request.Status == 403) <= 15);
    }

    private static VideoMetadata Video(Uri url) => new() { SourceKind = SourceKinds.Http, SourceKey = url.AbsoluteUri, Location = url.AbsoluteUri };
}
