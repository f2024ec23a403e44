using System.Globalization;
using System.Text.Json;
using YoutubeExplode.Playlists;
using YoutubeExplode.Videos;

namespace MedGenCluster.YoutubeExplodeSource;

/// <summary>Writes what YoutubeExplode knows in yt-dlp's form.</summary>
internal static class ExplodeEntry
{
    /// <param name="count">What the list says of its own length.</param>
    public static string Of(PlaylistVideo video, int? count) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["ie_key"] = "Youtube",
        ["id"] = video.Id.Value,
        ["title"] = video.Title,
        ["duration"] = video.Duration?.TotalSeconds,
        ["channel"] = video.Author.ChannelTitle,
        ["channel_id"] = video.Author.ChannelId.Value,
        ["uploader"] = video.Author.ChannelTitle,
        ["playlist_count"] = count,
    });

    /// <remarks>A video without a duration is a running or announced stream.</remarks>
    public static string Of(Video video) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["ie_key"] = "Youtube",
        ["extractor"] = "youtube",
        ["id"] = video.Id.Value,
        ["title"] = video.Title,
        ["description"] = video.Description,
        ["webpage_url"] = "https://www.youtube.com/watch?v=" + video.Id.Value,
        ["duration"] = video.Duration?.TotalSeconds,
        ["channel"] = video.Author.ChannelTitle,
        ["channel_id"] = video.Author.ChannelId.Value,
        ["uploader"] = video.Author.ChannelTitle,
        ["upload_date"] = video.UploadDate.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
        ["tags"] = video.Keywords,
        ["is_live"] = video.Duration is null,
    });
}
