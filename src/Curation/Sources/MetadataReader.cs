using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Curation.Sources;

/// <summary>Fills a video's metadata from fields named as yt-dlp names them.</summary>
internal static class MetadataReader
{
    /// <param name="fields">What the sidecar or row says.</param>
    /// <param name="known">What is known without it, which stays where the fields are silent.</param>
    public static VideoMetadata Read(Fields fields, VideoMetadata known)
    {
        var video = known with
        {
            SourceKey = PlatformKey(fields) ?? known.SourceKey,
            Title = fields.Text("title") ?? fields.Text("fulltitle") ?? known.Title,
            Description = fields.Text("description") ?? known.Description,
            Url = fields.Text("webpage_url") ?? fields.Text("original_url") ?? known.Url,
            Channel = fields.Text("channel") ?? known.Channel,
            ChannelId = fields.Text("channel_id") ?? known.ChannelId,
            Uploader = fields.Text("uploader") ?? known.Uploader,
            Licence = fields.Text("license") ?? fields.Text("licence") ?? known.Licence,
            UploadDate = fields.Day("upload_date") ?? known.UploadDate,
            DurationSeconds = fields.Amount("duration") ?? known.DurationSeconds,
            IsLive = fields.Flag("is_live") || fields.Text("live_status") is "is_live" or "is_upcoming",
            Tags = fields.Texts("tags") is { Count: > 0 } tags ? tags : known.Tags,
            Categories = fields.Texts("categories") is { Count: > 0 } categories ? categories : known.Categories,
            Chapters = Chapters(fields) is { Count: > 0 } chapters ? chapters : known.Chapters,
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
