namespace MedGenCluster.Curation.Domain;

/// <summary>What a source knows about a video before a byte of it is decoded. Absent knowledge is null or empty, never a guess.</summary>
public sealed record VideoMetadata
{
    /// <summary>Kind of the source: <c>folder</c>, <c>manifest</c>, ...</summary>
    public required string SourceKind { get; init; }

    /// <summary>The source's own key: the platform's id where there is one, else the path relative to the source's root.</summary>
    public required string SourceKey { get; init; }

    /// <summary>Where the media is: a local path (folder source) or a URL.</summary>
    public required string Location { get; init; }

    public string Title { get; init; } = "";

    public string Description { get; init; } = "";

    public string? Url { get; init; }

    public string? Channel { get; init; }

    public string? ChannelId { get; init; }

    public string? Uploader { get; init; }

    public string? Licence { get; init; }

    /// <summary>yyyyMMdd as the yt-dlp convention writes it.</summary>
    public string? UploadDate { get; init; }

    public double? DurationSeconds { get; init; }

    /// <summary>A running or announced live stream (yt-dlp <c>is_live</c> / <c>live_status</c> is_live or is_upcoming).</summary>
    public bool IsLive { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    public IReadOnlyList<Chapter> Chapters { get; init; } = [];

    /// <summary>Local path of the WebVTT transcript, where there is one.</summary>
    public string? TranscriptPath { get; init; }

    /// <summary>What was wrong with the sidecars, in words; shown in the video's trail.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public VideoId Id => VideoId.From(SourceKind, SourceKey);
}

/// <summary>A chapter of a video, times in seconds.</summary>
public sealed record Chapter(string Title, double StartSeconds, double EndSeconds);
