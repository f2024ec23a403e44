namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>A candidate as its row gives it. Absent and blank fields are null or empty.</summary>
public sealed record CandidateRow
{
    public string? Id { get; init; }

    public string Title { get; init; } = "";

    public string Description { get; init; } = "";

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Column <c>url</c>; where it is absent, <c>webpage_url</c>.</summary>
    public string? Url { get; init; }

    /// <summary>A local file, where the candidates are files.</summary>
    public string? Path { get; init; }

    public string? Channel { get; init; }

    public string? ChannelId { get; init; }

    public string? ChannelUrl { get; init; }

    public string? Uploader { get; init; }

    public string? License { get; init; }

    /// <summary>As the row writes it; yyyyMMdd in the yt-dlp convention.</summary>
    public string? UploadDate { get; init; }

    /// <summary>Seconds, finite and at least 0; null where the row holds no such number.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>yt-dlp's word: <c>not_live</c>, <c>is_live</c>, <c>is_upcoming</c>, <c>was_live</c>.</summary>
    public string? LiveStatus { get; init; }

    /// <summary>The label column, as text, where one was asked for.</summary>
    public string? Label { get; init; }
}
