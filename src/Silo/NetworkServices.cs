using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Network.Download;
using MedGenCluster.Curation.Processes;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Sources.YouTube;
using MedGenCluster.Curation.Stages.Fetch;

namespace MedGenCluster.Silo;

/// <summary>What reaches networks, put together once for a process: all of it shares the hosts' budgets and the sources' circuits.</summary>
internal sealed class NetworkServices : IDisposable
{
    private readonly NetworkOptions _options;
    private readonly IHostBudget _budget;
    private readonly SourceCircuit _circuit;
    private readonly UrlPolicy _policy;
    private readonly HttpDownloader _downloader;
    private readonly IYouTubeClient _youTube;
    private readonly TimeProvider _time;

    /// <param name="budget">The budget of hosts; disposed of with this.</param>
    public NetworkServices(NetworkOptions options, IHostBudget budget, IProcessRunner processes, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _budget = budget;
        _circuit = new SourceCircuit(options.Circuit, time);
        _policy = new UrlPolicy(options.Addresses);
        _downloader = new HttpDownloader(_policy, _budget, _circuit, options.Download, time);
        _youTube = YouTubeClients.Create(options.YouTube, processes, _policy, time);
        Fetchers = [new YouTubeFetcher(_youTube, options.YouTube, _budget, _circuit, _policy, time), new HttpFetcher(_downloader)];
        Sources = new SourceFactory(address => new YouTubeSource(address, _youTube, _options.YouTube, _budget, _circuit, _policy, _time));
    }

    public IReadOnlyList<IMediaFetcher> Fetchers { get; }

    public SourceFactory Sources { get; }

    public void Dispose()
    {
        (_youTube as IDisposable)?.Dispose();
        _downloader.Dispose();
        (_budget as IDisposable)?.Dispose();
    }
}
