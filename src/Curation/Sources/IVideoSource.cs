using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Curation.Sources;

/// <summary>Lists the videos of a crawl.</summary>
public interface IVideoSource
{
    /// <summary>Streams what the source holds in a stable order. Rows that cannot be used come as <see cref="SourceItem.Skipped"/> with a reason and a
    /// position; only a source that cannot be opened at all throws <see cref="SourceException"/>.</summary>
    IAsyncEnumerable<SourceItem> ListAsync(CancellationToken cancellationToken);
}

public abstract record SourceItem
{
    private SourceItem()
    {
    }

    public sealed record Found(VideoMetadata Video) : SourceItem;

    /// <param name="Where">File and line, for example <c>list.csv:17</c>.</param>
    public sealed record Skipped(string Where, string Reason) : SourceItem;

    /// <summary>Nothing comes for a while; worth telling whoever waits for the listing.</summary>
    public sealed record Waiting(string Reason, TimeSpan For) : SourceItem;
}

/// <summary>A source that cannot be opened; the message names the path or option and says what to do.</summary>
public sealed class SourceException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What a job crawls, as stored with the job.</summary>
/// <param name="Kind">One of <see cref="SourceKinds"/>.</param>
/// <param name="Location">Folder or file, absolute; a URL for a source on the network.</param>
public sealed record SourceSpec(string Kind, string Location);
