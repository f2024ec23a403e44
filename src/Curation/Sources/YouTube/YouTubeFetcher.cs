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
    public Task<FetchOutcome> DescribeAsync(VideoMetadata video, string folder, CancellationToken cancellationToken) =>
        AtAsync(video, async target =>
        {
            if (await FetchMarker.ReadAsync(folder, target.Url, cancellationToken).ConfigureAwait(false) is null)
            {
                Directory.CreateDirectory(folder);
                var attempt = await _gate.PassAsync(target, video.Id.Value, _ => client.DescribeAsync(target.Url, folder, cancellationToken), cancellationToken).ConfigureAwait(false);
                if (attempt is not SiteAttempt.Succeeded)
                {
                    return Unfetched(target, attempt);
                }
            }

            return new FetchOutcome.Described(await LearntAsync(video, target, folder, [], cancellationToken).ConfigureAwait(false));
        });

    /// <inheritdoc/>
    public Task<FetchOutcome> FetchAsync(VideoMetadata video, string folder, CancellationToken cancellationToken) =>
        AtAsync(video, async target =>
        {
            var media = Path.Combine(folder, FetchFiles.Media);
            var marker = await FetchMarker.ReadAsync(folder, target.Url, cancellationToken).ConfigureAwait(false);
            if (marker is null)
            {
                Directory.CreateDirectory(folder);
                var attempt = await _gate.PassAsync(
                    target,
                    video.Id.Value,
                    served => client.FetchAsync(target.Url, folder, served, cancellationToken),
                    cancellationToken).ConfigureAwait(false);
                if (attempt is not SiteAttempt.Succeeded succeeded)
                {
                    return Unfetched(target, attempt);
                }

                marker = new FetchMarker(target.Url, new FileInfo(media).Length, time.GetUtcNow(), succeeded.Answer.Warnings);
                await marker.WriteAsync(folder, cancellationToken).ConfigureAwait(false);
            }

            return new FetchOutcome.Fetched(media, await LearntAsync(video, target, folder, marker.Warnings, cancellationToken).ConfigureAwait(false), marker.RetrievedAt);
        });

    private async Task<FetchOutcome> AtAsync(VideoMetadata video, Func<VideoTarget, Task<FetchOutcome>> work)
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
            return await work(target).ConfigureAwait(false);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return new FetchOutcome.Failed($"The folder of '{target.Url}' could not be used: {trouble.Message}", Retryable: true);
        }
    }

    private static FetchOutcome Unfetched(VideoTarget target, SiteAttempt attempt) => attempt switch
    {
        SiteAttempt.Shut shut => new FetchOutcome.Postponed($"{target.Source} stands still after a refusal.", shut.After),
        SiteAttempt.Failed { After: { } after, Failure: var failure } => new FetchOutcome.Postponed(failure.Reason, after),
        SiteAttempt.Failed { Failure: { Permanent: true } failure } => new FetchOutcome.Refused(failure.Code, failure.Reason),
        SiteAttempt.Failed { Failure: var failure } => new FetchOutcome.Failed(failure.Reason, Retryable: true),
        _ => throw new InvalidOperationException($"An attempt ended as {attempt}."),
    };

    private static async Task<VideoMetadata> LearntAsync(
        VideoMetadata video, VideoTarget target, string folder, IReadOnlyList<string> warnings, CancellationToken cancellationToken)
    {
        var known = video with { Warnings = [.. video.Warnings, .. warnings] };
        var read = await InfoFile.ReadAsync(Path.Combine(folder, FetchFiles.Info), known, cancellationToken).ConfigureAwait(false);
        return read with
        {
            SourceKind = video.SourceKind,
            SourceKey = video.SourceKey,
            Location = video.Location,
            // A page of another site is titled by its file name; what listed it knows better.
            Title = target.YouTube is null && video.Title.Length > 0 ? video.Title : read.Title,
            Url = target.YouTube is null ? video.Url ?? read.Url : target.Url,
            TranscriptPath = new FolderListing(new DirectoryInfo(folder).GetFiles()).Transcript(FetchFiles.Media) ?? video.TranscriptPath,
        };
    }
}
