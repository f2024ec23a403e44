using System.Net;
using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Network.Download;
using MedGenCluster.Engine.Tests.Support;
using MedGenCluster.StandIn;

namespace MedGenCluster.Curation.Tests.Network.Download;

/// <summary>A stand-in for the network and a downloader that may ask it.</summary>
internal sealed class DownloadLab : IAsyncDisposable
{
    private readonly HostBudget _budget;
    private readonly HttpDownloader _downloader;
    private readonly TemporaryFolder _folder = new();

    private DownloadLab(StandInServer net, StandInServer other, DownloadOptions options, UrlPolicy policy, TimeProvider time)
    {
        (Net, Other) = (net, other);
        _budget = new HostBudget(new HostBudgetOptions { InitialRate = 1000, MaxRate = 1000, Burst = 100, DecreaseFactor = 0.9 }, time);
        Circuit = new SourceCircuit(new SourceCircuitOptions(), time);
        _downloader = new HttpDownloader(policy, _budget, Circuit, options, time);
    }

    public StandInServer Net { get; }

    /// <summary>Another host.</summary>
    public StandInServer Other { get; }

    public SourceCircuit Circuit { get; }

    public IHostBudget Budget => _budget;

    public HttpDownloader Downloader => _downloader;

    public string Folder => Path.Combine(_folder.Root, "video");

    public string PartPath => Path.Combine(Folder, "media.part");

    public static async Task<DownloadLab> OpenAsync(DownloadOptions? options = null, UrlPolicy? policy = null, TimeProvider? time = null) => new(
        await StandInServer.StartAsync(),
        await StandInServer.StartAsync(),
        options ?? new DownloadOptions(),
        policy ?? new UrlPolicy(new UrlPolicyOptions { AllowLoopback = true }, (_, _) => Task.FromResult(new[] { IPAddress.Parse("192.168.7.7") })),
        time ?? TimeProvider.System);

    public Task<DownloadResult> FetchAsync(Uri url, string item = "v1") => _downloader.DownloadAsync(url, Folder, item, CancellationToken.None).Soon();

    public Task<DownloadResult> FetchAsync(string path, string item = "v1") => FetchAsync(Net.Url(path), item);

    /// <summary>Fetches; the file must arrive as it was served.</summary>
    public async Task<string> FetchedAsync(string path, byte[] content)
    {
        var complete = Assert.IsType<DownloadResult.Complete>(await FetchAsync(path));
        Assert.Equal(content.Length, complete.Bytes);
        Assert.Equal(content, await File.ReadAllBytesAsync(complete.Path));
        Assert.False(File.Exists(PartPath));
        return complete.Path;
    }

    /// <summary>The ranges that a path was asked for, null for all of it.</summary>
    public IEnumerable<string?> Ranges(string path) => Net.Log.Of(path).Select(request => request.Range);

    /// <summary>Waits for what another process or thread brings about.</summary>
    public static async Task Until(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!holds())
        {
            await Task.Delay(5, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _downloader.Dispose();
        _budget.Dispose();
        await Net.DisposeAsync();
        await Other.DisposeAsync();
        _folder.Dispose();
    }
}
