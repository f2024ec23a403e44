using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Sources.YouTube;
using YoutubeExplode;
using YoutubeExplode.Playlists;
using YoutubeExplode.Videos;

namespace MedGenCluster.YoutubeExplodeSource;

/// <summary>YouTube through YoutubeExplode, inside this process. It knows uploads and playlists, but neither a channel's other tabs nor a video's licence:
/// where licences matter, yt-dlp is the client.</summary>
public sealed class ExplodeClient : IYouTubeClient, IDisposable
{
    private readonly HttpClient _http;
    private readonly YoutubeClient _youTube;
    private readonly ExplodeDownload _download;

    public ExplodeClient(YouTubeOptions options, UrlPolicy policy, TimeProvider time)
    {
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = (context, cancellationToken) => policy.ConnectAsync(context.DnsEndPoint, cancellationToken),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // YoutubeExplode keeps its cookies itself.
            UseCookies = false,
        });
        _youTube = new YoutubeClient(_http);
        _download = new ExplodeDownload(_youTube, options, time);
    }

    /// <inheritdoc/>
    public async Task<ClientAnswer> ListAsync(string url, Action<string> entry, CancellationToken cancellationToken)
    {
        try
        {
            switch (YouTubeUrl.TryParse(url, out var error))
            {
                case VideoUrl video:
                    entry(ExplodeEntry.Of(await _youTube.Videos.GetAsync(video.Id, cancellationToken).ConfigureAwait(false)));
                    return ClientAnswer.Done;
                case PlaylistUrl playlist:
                    await ListAsync(playlist.Id, entry, cancellationToken).ConfigureAwait(false);
                    return ClientAnswer.Done;
                case ChannelUrl { Tab: ChannelTab.Videos } channel:
                    // A channel's uploads are a playlist under the channel's id.
                    await ListAsync("UU" + (await IdAsync(channel, cancellationToken).ConfigureAwait(false))[2..], entry, cancellationToken).ConfigureAwait(false);
                    return ClientAnswer.Done;
                case ChannelUrl channel:
                    return Unsupported($"YoutubeExplode lists a channel's uploads, not its {channel.Tab.ToString().ToLowerInvariant()}; use youtube.client={YouTubeOptions.YtDlpClient}.");
                default:
                    return Unsupported(error);
            }
        }
        catch (Exception thrown) when (ExplodeFailures.Of(thrown, cancellationToken) is { } failure)
        {
            return new ClientAnswer(failure, []);
        }
    }

    /// <inheritdoc/>
    public Task<ClientAnswer> DescribeAsync(string url, string folder, CancellationToken cancellationToken) =>
        OfVideoAsync(url, id => _download.DescribeAsync(id, folder, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ClientAnswer> FetchAsync(string url, string folder, Action flowing, CancellationToken cancellationToken) =>
        OfVideoAsync(url, id => _download.RunAsync(id, folder, flowing, cancellationToken), cancellationToken);

    public void Dispose()
    {
        _youTube.Dispose();
        _http.Dispose();
    }

    private static async Task<ClientAnswer> OfVideoAsync(string url, Func<VideoId, Task<ClientAnswer>> work, CancellationToken cancellationToken)
    {
        if (YouTubeUrl.TryParse(url, out var error) is not VideoUrl video)
        {
            return Unsupported(error.Length > 0 ? error : $"{url} is not a video.");
        }

        try
        {
            return await work(video.Id).ConfigureAwait(false);
        }
        catch (Exception thrown) when (ExplodeFailures.Of(thrown, cancellationToken) is { } failure)
        {
            return new ClientAnswer(failure, []);
        }
    }

    private async Task ListAsync(PlaylistId id, Action<string> entry, CancellationToken cancellationToken)
    {
        int? count = (await _youTube.Playlists.GetAsync(id, cancellationToken).ConfigureAwait(false)).Count;
        await foreach (var video in _youTube.Playlists.GetVideosAsync(id, cancellationToken).ConfigureAwait(false))
        {
            entry(ExplodeEntry.Of(video, count));
        }
    }

    private async ValueTask<string> IdAsync(ChannelUrl channel, CancellationToken cancellationToken) => channel.Naming switch
    {
        ChannelNaming.Id => channel.Name,
        ChannelNaming.Custom => (await _youTube.Channels.GetBySlugAsync(channel.Name, cancellationToken).ConfigureAwait(false)).Id.Value,
        ChannelNaming.User => (await _youTube.Channels.GetByUserAsync(channel.Name, cancellationToken).ConfigureAwait(false)).Id.Value,
        _ => (await _youTube.Channels.GetByHandleAsync(channel.Name, cancellationToken).ConfigureAwait(false)).Id.Value,
    };

    private static ClientAnswer Unsupported(string reason) => new(new ClientFailure(FailureKind.VideoSpecific, "unsupported-url", reason, Permanent: true), []);
}
