using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Stages.Fetch;

namespace MedGenCluster.Curation.Sources.YouTube;

/// <summary>Fetches videos of YouTube (or, where allowed, of other sites). A folder that holds a complete fetch is used again without a
/// request; one that holds a part is gone on with.</summary>
/// <param name="policy">What addresses of other sites may be asked.</param>
public sealed class YouTubeFetcher(
    IYouTubeClient client, YouTubeOptions options, IHostBudget budget, ISourceCircuit circuit, UrlPolicy policy, TimeProvider time) : IMediaFetcher
{
    private readonly SiteGate _gate = new(budget, circuit, policy);

    /// <inheritdoc/>
    /// <remarks>Besides the youtube source's own videos those of YouTube that another list names.</remarks>
    public bool Handles(VideoMetadata video) => video.SourceKind == SourceKinds.YouTube || YouTubeUrl.TryParse(video.Location, out _) is VideoUrl;

    /// <inheritdoc/>
    public async Task<FetchOutcome> FetchAsync(VideoMetadata video, string folder, CancellationToken cancellationToken)
    {
        if (VideoTarget.TryCreate(video.Location, options, policy, out var error) is not { } target)
        {
            return new FetchOutcome.Refused("unsupported-url", error);
        }

        if (target.YouTube is ChannelUrl or PlaylistUrl)
        {
            return new FetchOutcome.Refused("unsupported-url", $"{target.Url} is a {target.Noun}, not a video; crawl it as a source.");
        }

        try
        {
            return await FetchAsync(video, target, folder, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return new FetchOutcome.Failed($"The folder '{folder}' could not be used: {trouble.Message}", Retryable: true);
        }
    }

    private async Task<FetchOutcome> FetchAsync(VideoMetadata video, VideoTarget target, string folder, CancellationToken cancellationToken)
    {
        if (await FetchMarker.ReadAsync(folder, target.Url, cancellationToken).ConfigureAwait(false) is { } earlier)
        {
            return await FetchedAsync(video, target, folder, earlier, cancellationToken).ConfigureAwait(false);
        }

        Directory.CreateDirectory(folder);
        var media = Path.Combine(folder, FetchFiles.Media);
        var attempt = await _gate.PassAsync(
            target,
            video.Id.Value,
            served => client.FetchAsync(target.Url, folder, served, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        switch (attempt)
        {
            case SiteAttempt.Shut shut:
                return new FetchOutcome.Postponed($"{target.Source} stands still after a refusal.", shut.After);
            case SiteAttempt.Failed { After: { } after, Failure: var failure }:
                return new FetchOutcome.Postponed(failure.Reason, after);
            case SiteAttempt.Failed { Failure: { Permanent: true } failure }:
                return new FetchOutcome.Refused(failure.Code, failure.Reason);
            case SiteAttempt.Failed { Failure: var failure }:
                return new FetchOutcome.Failed(failure.Reason, Retryable: true);
            default:
                var marker = new FetchMarker(target.Url, new FileInfo(media).Length, time.GetUtcNow(), ((SiteAttempt.Succeeded)attempt).Answer.Warnings);
                await marker.WriteAsync(folder, cancellationToken).ConfigureAwait(false);
                return await FetchedAsync(video, target, folder, marker, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<FetchOutcome> FetchedAsync(
        VideoMetadata video, VideoTarget target, string folder, FetchMarker marker, CancellationToken cancellationToken)
    {
        var known = video with { Warnings = [.. video.Warnings, .. marker.Warnings] };
        var read = await InfoFile.ReadAsync(Path.Combine(folder, FetchFiles.Info), known, cancellationToken).ConfigureAwait(false);
        var full = read with
        {
            SourceKind = video.SourceKind,
            SourceKey = video.SourceKey,
            Location = video.Location,
            // A page of another site is titled by its file name; what listed it knows better.
            Title = target.YouTube is null && video.Title.Length > 0 ? video.Title : read.Title,
            Url = target.YouTube is null ? video.Url ?? read.Url : target.Url,
            TranscriptPath = new FolderListing(new DirectoryInfo(folder).GetFiles()).Transcript(FetchFiles.Media) ?? video.TranscriptPath,
        };
        return new FetchOutcome.Fetched(Path.Combine(folder, FetchFiles.Media), full, marker.RetrievedAt);
    }
}
