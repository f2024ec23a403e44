using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Engine.Export;

/// <summary>One accepted clip with everything that an export writes about it. Absent text is empty or null, never a guess.</summary>
public sealed record ExportClip
{
    public required ClipId Id { get; init; }

    public required VideoId VideoId { get; init; }

    /// <summary>Content address and length of the clip's MP4.</summary>
    public required MediaRef Media { get; init; }

    /// <summary>Local readable path of the blob; need not exist, a missing blob is left out of the export and listed.</summary>
    public required string LocalPath { get; init; }

    /// <summary>Start on the source video's timeline, milliseconds.</summary>
    public required long StartMs { get; init; }

    /// <summary>End on the source video's timeline, milliseconds, exclusive.</summary>
    public required long EndMs { get; init; }

    public string BriefCaption { get; init; } = "";

    public string DetailedCaption { get; init; } = "";

    /// <summary>Name and version of the captioner.</summary>
    public string CaptionModel { get; init; } = "";

    /// <summary>What the captions were made from; a clip without it, or whose binding does not hold, is refused.</summary>
    public CaptionBinding? Binding { get; init; }

    public string? Category { get; init; }

    public string Transcript { get; init; } = "";

    /// <summary>Scores by dotted name, for example <c>aesthetics.score</c>.</summary>
    public SortedDictionary<string, double> Scores { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Model versions by stage name.</summary>
    public SortedDictionary<string, string> ModelVersions { get; init; } = new(StringComparer.Ordinal);

    /// <summary>True if any of the models involved is of a demo pack.</summary>
    public bool Demo { get; init; }

    public string? SourceUrl { get; init; }

    public string Title { get; init; } = "";

    public string? Channel { get; init; }

    public string? Uploader { get; init; }

    public string? Licence { get; init; }

    /// <summary>yyyyMMdd.</summary>
    public string? UploadDate { get; init; }

    /// <summary>When the source video was fetched from its network; null where it was a local file.</summary>
    public DateTimeOffset? RetrievedAt { get; init; }

    /// <summary>Displayed width, pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Displayed height, pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Frames per second.</summary>
    public required double Fps { get; init; }

    /// <summary>Decoded frames of the clip.</summary>
    public required int Frames { get; init; }

    /// <summary>Seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Bits per second of the video stream, 0 where unknown.</summary>
    public long BitRate { get; init; }

    /// <summary>Resolution as arXiv 2507.05675 figure 2 writes it, for example <c>720*480</c>.</summary>
    public string Resolution => $"{Width}*{Height}";
}

/// <summary>One stage of the funnel.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Unit">What is counted: <c>candidates</c>, <c>videos</c> or <c>clips</c>.</param>
/// <param name="In">Entities that the stage was given.</param>
/// <param name="RemovedByReason">Entities removed, by reason.</param>
/// <param name="Remaining">Entities that went on; In - removed - remaining are failed or still under way.</param>
public sealed record ExportFunnelRow(
    string Stage, string Unit, long In, IReadOnlyDictionary<string, long> RemovedByReason, long Remaining)
{
    public long Removed => RemovedByReason.Values.Sum();

    public long Unfinished => In - Removed - Remaining;
}

/// <summary>The funnel in pipeline order (figure 4 of arXiv 2507.05675 has the same form).</summary>
public sealed record ExportFunnel(IReadOnlyList<ExportFunnelRow> Rows)
{
    public static readonly ExportFunnel Empty = new([]);
}

/// <summary>A threshold that a score was held against, as the plots mark it and the card lists it.</summary>
/// <param name="Score">Dotted score name.</param>
/// <param name="Value">In the score's unit.</param>
/// <param name="Rule">In words, for example <c>below is removed</c>.</param>
public sealed record ExportThreshold(string Score, double Value, string Rule);

/// <summary>What is known about the curation run as a whole.</summary>
public sealed record ExportSummary
{
    public ExportFunnel Funnel { get; init; } = ExportFunnel.Empty;

    /// <summary>Clips rejected by any stage but the duplicate search.</summary>
    public long Rejected { get; init; }

    /// <summary>Clips removed as near duplicates.</summary>
    public long Duplicates { get; init; }

    public IReadOnlyList<ExportThreshold> Thresholds { get; init; } = [];

    /// <summary>The options of the job, for the card's account of how the dataset was made; null where several jobs differ.</summary>
    public CurationOptions? Options { get; init; }
}

/// <summary>Where an export comes from: a ledger's accepted clips.</summary>
public interface IExportSource
{
    string DatasetName { get; }

    Task<ExportSummary> SummariseAsync(CancellationToken cancellationToken);

    /// <summary>The accepted clips, by clip id. Another order gives the same export.</summary>
    IAsyncEnumerable<ExportClip> ReadClipsAsync(CancellationToken cancellationToken);
}
