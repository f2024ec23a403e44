using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Curation.Sources;

/// <summary>Fills a video's metadata from fields named as yt-dlp names them.</summary>
internal static class MetadataReader
{
    /// <param name="fields">What the sidecar or row says.</param>
    /// <param name="known">What is known without it; its key is kept where the fields name no platform id.</param>
    public static VideoMetadata Read(Fields fields, VideoMetadata known)
    {
        var video = known with
        {
            SourceKey = PlatformKey(fields) ?? known.SourceKey,
            Title = fields.Text("title") ?? fields.Text("fulltitle") ?? known.Title,
            Description = fields.Text("description") ?? "",
            Url = fields.Text("webpage_url") ?? fields.Text("original_url") ?? known.Url,
            Channel = fields.Text("channel"),
            ChannelId = fields.Text("channel_id"),
            Uploader = fields.Text("uploader"),
            Licence = fields.Text("license") ?? fields.Text("licence"),
            UploadDate = fields.Day("upload_date"),
            DurationSeconds = fields.Amount("duration"),
            IsLive = fields.Flag("is_live") || fields.Text("live_status") is "is_live" or "is_upcoming",
            Tags = fields.Texts("tags"),
            Categories = fields.Texts("categories"),
            Chapters = Chapters(fields),
        };
        return video with { Warnings = [.. known.Warnings, .. fields.Warnings] };
    }

    /// <summary><c>extractor:id</c>, which is the same wherever the file lies; null where either is missing.</summary>
    private static string? PlatformKey(Fields fields) =>
        fields.Text("id") is { } id && (fields.Text("extractor") ?? fields.Text("extractor_key")?.ToLowerInvariant()) is { } extractor
            ? $"{extractor}:{id}"
            : null;

    private static List<Chapter> Chapters(Fields fields)
    {
        var chapters = new List<Chapter>();
        foreach (var item in fields.Items("chapters"))
        {
            if (item.Amount("start_time") is { } start && item.Amount("end_time") is { } end && end > start)
            {
                chapters.Add(new Chapter(item.Text("title") ?? "", start, end));
            }
            else
            {
                fields.Warn("a chapter without a usable start_time and end_time is left out");
            }
        }

        return chapters;
    }
}
