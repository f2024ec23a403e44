using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Network.Download;
using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Curation.Stages.Fetch;

/// <summary>Fetches videos whose location is the address of the file itself.</summary>
public sealed class HttpFetcher(HttpDownloader downloader) : IMediaFetcher
{
    /// <inheritdoc/>
    public bool Handles(VideoMetadata video) =>
        video.SourceKind is SourceKinds.Http or SourceKinds.Manifest
        && Uri.TryCreate(video.Location, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";

    /// <inheritdoc/>
    public async Task<FetchOutcome> FetchAsync(VideoMetadata video, string folder, CancellationToken cancellationToken)
    {
        var result = await downloader.DownloadAsync(new Uri(video.Location), folder, video.Id.Value, cancellationToken).ConfigureAwait(false);
        return result switch
        {
            DownloadResult.Complete done => new FetchOutcome.Fetched(done.Path, video, done.At),
            DownloadResult.Refused refused => new FetchOutcome.Refused(refused.Code, refused.Reason),
            DownloadResult.Failed failed => new FetchOutcome.Failed(failed.Reason, failed.Retryable),
            DownloadResult.Postponed postponed => new FetchOutcome.Postponed(postponed.Reason, postponed.After),
            _ => throw new InvalidOperationException($"A download does not end in {result.GetType().Name}."),
        };
    }
}
