using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Curation.Stages.Fetch;

/// <summary>Brings the media of one kind of location to this machine.</summary>
public interface IMediaFetcher
{
    bool Handles(VideoMetadata video);

    /// <summary>Fetches into the folder of <paramref name="terms"/>. File names inside are the fetcher's own, never the network's.</summary>
    Task<FetchOutcome> FetchAsync(VideoMetadata video, FetchTerms terms, CancellationToken cancellationToken);
}

/// <summary>Where to and under which conditions.</summary>
/// <param name="Folder">Exists, belongs to this video alone and outlives a kill: what an earlier try left there is gone on with.</param>
/// <param name="Licence">What is not taken is refused with the code <c>licence</c> as soon as the licence is known, before the media is fetched.</param>
public sealed record FetchTerms(string Folder, LicencePolicy Licence);

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

    /// <summary>Not to be had, now or later: private, removed, live, age-restricted. The video is rejected with the code.</summary>
    /// <param name="Code">Short and stable, for example <c>private</c>.</param>
    /// <param name="Video">The metadata with what was learnt on the way; null where nothing was.</param>
    public sealed record Refused(string Code, string Reason, VideoMetadata? Video = null) : FetchOutcome;

    /// <summary>It went wrong by the item's own fault.</summary>
    public sealed record Failed(string Reason, bool Retryable) : FetchOutcome;

    /// <summary>The source stands still; the item comes back and keeps its attempts.</summary>
    public sealed record Postponed(string Reason, TimeSpan After) : FetchOutcome;
}
