namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>The fields that are read of a row; all others are validated and passed over.</summary>
internal enum Column : byte
{
    Id,
    Title,
    Description,
    Tags,
    Url,
    WebpageUrl,
    Path,
    Channel,
    ChannelId,
    ChannelUrl,
    Uploader,
    License,
    UploadDate,
    Duration,
    LiveStatus,
    Label,
}

internal static class Columns
{
    public const int Count = (int)Column.Label + 1;

    /// <summary>The column of a name as the files write it; null for others.</summary>
    public static Column? Named(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => Column.Id,
        3 when name.SequenceEqual("url"u8) => Column.Url,
        4 when name.SequenceEqual("tags"u8) => Column.Tags,
        4 when name.SequenceEqual("path"u8) => Column.Path,
        5 when name.SequenceEqual("title"u8) => Column.Title,
        7 when name.SequenceEqual("channel"u8) => Column.Channel,
        7 when name.SequenceEqual("license"u8) => Column.License,
        8 when name.SequenceEqual("uploader"u8) => Column.Uploader,
        8 when name.SequenceEqual("duration"u8) => Column.Duration,
        10 when name.SequenceEqual("channel_id"u8) => Column.ChannelId,
        11 when name.SequenceEqual("description"u8) => Column.Description,
        11 when name.SequenceEqual("channel_url"u8) => Column.ChannelUrl,
        11 when name.SequenceEqual("webpage_url"u8) => Column.WebpageUrl,
        11 when name.SequenceEqual("upload_date"u8) => Column.UploadDate,
        11 when name.SequenceEqual("live_status"u8) => Column.LiveStatus,
        _ => null,
    };
}
