using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Curation.Stages.Fetch;

/// <summary>Brings the media of one kind of location to this machine.</summary>
public interface IMediaFetcher
{
    bool Handles(VideoMetadata video);

    /// <summary>Learns what can be learnt without the media, where a decision hangs on it: <see cref="FetchOutcome.Described"/>, or why not. What the
    /// listing told is all that there is by default.</summary>
    Task<FetchOutcome> DescribeAsync(VideoMetadata video, string folder, CancellationToken cancellationToken) =>
        Task.FromResult<FetchOutcome>(new FetchOutcome.Described(video));

    /// <summary>Fetches into <paramref name="folder"/>, which exists, belongs to this video alone and outlives a kill: what an earlier try left there is
    /// gone on with. File names inside are the fetcher's own, never the network's.</summary>
    Task<FetchOutcome> FetchAsync(VideoMetadata video, string folder, CancellationToken cancellationToken);
}

/// <summary>How a fetch went.</summary>
public abstract record FetchOutcome
{
    private FetchOutcome()
    {
    }

    /// <summary>The media lies at <paramref name="Path"/>.</summary>
    /// <param name="Video">The metadata with what was learnt on the way (description, licence, chapters, transcript path, ...); same id.</param>
    /// <param name="RetrievedAt">When the bytes were complete.</param>
    public sealed record Fetched(string Path, VideoMetadata Video, DateTimeOffset RetrievedAt) : FetchOutcome;

    /// <summary>The metadata with what was learnt; no media yet.</summary>
    public sealed record Described(VideoMetadata Video) : FetchOutcome;

    /// <summary>Not to be had, now or later: private, removed, live, age-restricted. The video is rejected with the code.</summary>
    /// <param name="Code">Short and stable, for example <c>private</c>.</param>
    public sealed record Refused(string Code, string Reason) : FetchOutcome;

    /// <summary>It went wrong by the item's own fault.</summary>
    public sealed record Failed(string Reason, bool Retryable) : FetchOutcome;

    /// <summary>The source stands still; the item comes back and keeps its attempts.</summary>
    public sealed record Postponed(string Reason, TimeSpan After) : FetchOutcome;
}
