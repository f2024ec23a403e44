using System.Net;
using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Network.Download;
using MedGenCluster.StandIn;

namespace MedGenCluster.Curation.Tests.Network.Download;

/// <summary>Every way in which a host does not serve has its end: the item's own, the source's, or nobody's.</summary>
public sealed class RefusalTests
{
    private const string Path = "/videos/knee.mp4";

    private readonly byte[] _content = StandInFile.Noise(100_000);

    [Theory]
    [InlineData(401, "login-required")]
    [InlineData(404, "not-found")]
    [InlineData(410, "removed")]
    [InlineData(451, "legal-block")]
    public async Task What_is_not_to_be_had_is_refused_for_good(int status, string code)
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Troubles.At(Path, new Trouble.Status(status));

        Assert.Equal(code, Assert.IsType<DownloadResult.Refused>(await lab.FetchAsync(Path)).Code);
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(502, true)]
    [InlineData(408, true)]
    [InlineData(400, false)]
    [InlineData(418, false)]
    public async Task Other_answers_fail_the_item(int status, bool retryable)
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Troubles.At(Path, new Trouble.Status(status));

        Assert.Equal(retryable, Assert.IsType<DownloadResult.Failed>(await lab.FetchAsync(Path)).Retryable);
        Assert.Single(lab.Net.Log.All);
    }

    [Fact]
    public async Task A_host_that_forbids_stands_still_and_the_item_pays_nothing()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, _content);
        lab.Net.Troubles.Everywhere(Trouble.Forbidden);

        Assert.IsType<DownloadResult.Postponed>(await lab.FetchAsync(Path, "v1"));
        Assert.IsType<DownloadResult.Postponed>(await lab.FetchAsync(Path, "v2"));
        Assert.Single(lab.Net.Log.All);
    }

    [Fact]
    public async Task A_throttled_request_is_made_again_at_the_budgets_pace()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, _content);
        lab.Net.Troubles.At(Path, Trouble.Throttled(), times: 2);
        lab.Net.Troubles.At(Path, new Trouble.Status(503), times: 1);

        await lab.FetchedAsync(Path, _content);
        Assert.Equal([429, 429, 503, 200], lab.Net.Log.All.Select(request => request.Status));
    }

    [Fact]
    public async Task A_host_that_throttles_whatever_the_pace_is_a_refusing_one()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Troubles.Everywhere(Trouble.Throttled());

        Assert.IsType<DownloadResult.Postponed>(await lab.FetchAsync(Path));
        Assert.Equal(5, lab.Net.Log.All.Count);
        Assert.Single(lab.Circuit.OpenSources);
    }

    [Fact]
    public async Task A_long_rest_is_not_waited_for_and_kept_by_everybody()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Troubles.At(Path, Trouble.Throttled(TimeSpan.FromMinutes(5)));

        var first = Assert.IsType<DownloadResult.Postponed>(await lab.FetchAsync(Path, "v1"));
        var second = Assert.IsType<DownloadResult.Postponed>(await lab.FetchAsync("/videos/other.mp4", "v2"));

        Assert.InRange(first.After, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        Assert.InRange(second.After, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        Assert.Single(lab.Net.Log.All);
    }

    [Fact]
    public async Task A_host_that_is_not_there_fails_the_item_retryably()
    {
        await using var lab = await DownloadLab.OpenAsync();
        var url = lab.Other.Url(Path);
        await lab.Other.DisposeAsync();

        var failed = Assert.IsType<DownloadResult.Failed>(await lab.FetchAsync(url));
        Assert.Equal(FailureKind.Network, failed.Kind);
        Assert.True(failed.Retryable);
    }

    [Fact]
    public async Task Redirects_are_followed_to_other_hosts_and_back()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add("/videos/real.mp4", _content);
        lab.Net.Troubles.At(Path, new Trouble.Redirect("/elsewhere"));
        lab.Net.Troubles.At("/elsewhere", new Trouble.Redirect(lab.Other.Url("/there").AbsoluteUri, 307));
        lab.Other.Troubles.At("/there", new Trouble.Redirect(lab.Net.Url("/videos/real.mp4").AbsoluteUri, 301));

        await lab.FetchedAsync(Path, _content);
        Assert.Equal("/there", Assert.Single(lab.Other.Log.All).Path);
    }

    [Fact]
    public async Task Redirects_in_a_circle_end()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Troubles.At(Path, new Trouble.Redirect("/b"));
        lab.Net.Troubles.At("/b", new Trouble.Redirect(Path));

        Assert.Contains("circle", Assert.IsType<DownloadResult.Failed>(await lab.FetchAsync(Path)).Reason, StringComparison.Ordinal);
        Assert.Equal(2, lab.Net.Log.All.Count);
    }

    [Fact]
    public async Task A_long_chain_of_redirects_ends()
    {
        await using var lab = await DownloadLab.OpenAsync(new DownloadOptions { MaxRedirects = 3 });
        for (var i = 0; i < 10; i++)
        {
            lab.Net.Troubles.At("/" + i, new Trouble.Redirect("/" + (i + 1)));
        }

        Assert.Contains("more than 3 redirects", Assert.IsType<DownloadResult.Failed>(await lab.FetchAsync("/0")).Reason, StringComparison.Ordinal);
        Assert.Equal(4, lab.Net.Log.All.Count);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://10.0.0.1/a.mp4")]
    [InlineData("http://[::ffff:192.168.0.1]/a.mp4")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:secret@example.org/a.mp4")]
    [InlineData("http://rebinding.example.org/a.mp4")]
    public async Task A_redirect_does_not_get_around_the_policy(string target)
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Troubles.At(Path, new Trouble.Redirect(target));

        var refused = Assert.IsType<DownloadResult.Refused>(await lab.FetchAsync(Path));
        Assert.Equal("url-not-allowed", refused.Code);
        Assert.DoesNotContain("secret", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loopback_is_refused_unless_it_is_allowed()
    {
        await using var lab = await DownloadLab.OpenAsync(policy: new UrlPolicy(new UrlPolicyOptions(), (_, _) => Task.FromResult(new[] { IPAddress.Loopback })));
        lab.Net.Add(Path, _content);
        var named = new UriBuilder(lab.Net.Url(Path)) { Host = "looks.public.example.org" }.Uri;

        Assert.IsType<DownloadResult.Refused>(await lab.FetchAsync(Path));
        Assert.IsType<DownloadResult.Refused>(await lab.FetchAsync(named));
        Assert.Empty(lab.Net.Log.All);
    }

    [Fact]
    public async Task A_fetch_that_is_called_off_leaves_its_part_and_no_try_behind()
    {
        await using var lab = await DownloadLab.OpenAsync();
        lab.Net.Add(Path, _content);
        lab.Net.Troubles.At(Path, new Trouble.Stall(50_000), times: 1);
        using var enough = new CancellationTokenSource();
        var fetch = lab.Downloader.DownloadAsync(lab.Net.Url(Path), lab.Folder, "v1", enough.Token);
        await DownloadLab.Until(() => new FileInfo(lab.PartPath) is { Exists: true, Length: 50_000 });

        await enough.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
        await lab.FetchedAsync(Path, _content);
        Assert.Equal([null, "bytes=50000-"], lab.Ranges(Path));
    }

    [Fact]
    public async Task A_host_is_asked_for_a_few_files_at_once_and_others_are_not_held_up()
    {
        await using var lab = await DownloadLab.OpenAsync(new DownloadOptions { MaxPerHost = 2 });
        lab.Net.Troubles.Everywhere(new Trouble.Stall(50_000));
        lab.Other.Add(Path, _content);
        using var enough = new CancellationTokenSource();
        var stalled = Enumerable.Range(0, 4).Select(i =>
        {
            lab.Net.Add($"/{i}.mp4", _content);
            return lab.Downloader.DownloadAsync(lab.Net.Url($"/{i}.mp4"), System.IO.Path.Combine(lab.Folder, $"{i}"), $"v{i}", enough.Token);
        }).ToList();

        await DownloadLab.Until(() => lab.Net.Log.All.Count == 2);

        Assert.IsType<DownloadResult.Complete>(await lab.FetchAsync(lab.Other.Url(Path)));
        Assert.Equal(2, lab.Net.Log.All.Count);
        await enough.CancelAsync();
        foreach (var fetch in stalled)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
        }
    }
}
