using System.Diagnostics;
using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Network.Download;

namespace MedGenCluster.Curation.Tests.Network.Download;

/// <summary>A process of its own that downloads a file until it is done or killed.</summary>
internal static class DownloadChild
{
    private const string Mode = "download-child";

    public static Task<int> Main(string[] args) => args is [Mode, var url, var folder] ? RunAsync(new Uri(url), folder) : Task.FromResult(2);

    public static Process Start(Uri url, string folder)
    {
        var start = new ProcessStartInfo("dotnet");
        foreach (var argument in new[] { "exec", typeof(DownloadChild).Assembly.Location, Mode, url.AbsoluteUri, folder })
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static async Task<int> RunAsync(Uri url, string folder)
    {
        using var budget = new HostBudget(new HostBudgetOptions(), TimeProvider.System);
        var circuit = new SourceCircuit(new SourceCircuitOptions(), TimeProvider.System);
        using var downloader = new HttpDownloader(new UrlPolicy(new UrlPolicyOptions { AllowLoopback = true }), budget, circuit, new DownloadOptions(), TimeProvider.System);
        return await downloader.DownloadAsync(url, folder, "v1", CancellationToken.None) is DownloadResult.Complete ? 0 : 1;
    }
}
