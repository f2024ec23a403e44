using System.Text.Json;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Network;

namespace MedGenCluster.Curation.Sources.YouTube;

/// <summary>An entry of a flat listing.</summary>
/// <param name="Key">The video's key, or the place in the list where there is no video.</param>
/// <param name="ListCount">How many entries the list itself claims to have; null where it does not say.</param>
internal sealed record ListedEntry(string Key, SourceItem Item, long? ListCount)
{
    private const string Smuggled = "#__youtubedl_smuggle=";

    /// <summary>Reads one entry as a client writes it.</summary>
    /// <param name="place">Where the entry stands, for what is skipped.</param>
    public static ListedEntry Read(string line, string place, VideoTarget list, YouTubeOptions options, UrlPolicy policy)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            return Skip("the client wrote something that is no JSON");
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return Skip("the client wrote something that is no JSON object");
            }

            var fields = new JsonFields(document.RootElement);
            long? count = fields.Text("playlist_count") is { } text && long.TryParse(text, out long number) ? number : null;
            if (list.YouTube is VideoUrl asked)
            {
                return Found(fields, new VideoTarget(list.Url, asked), count);
            }

            return Target(fields, list, options, policy, out var error) is { } target
                ? Found(fields, target, count)
                : Skip(error.TrimEnd('.')) with { ListCount = count };
        }

        ListedEntry Skip(string reason) => new(place, new SourceItem.Skipped(place, reason), null);
    }

    private static ListedEntry Found(JsonFields fields, VideoTarget target, long? count)
    {
        var key = (target.YouTube as VideoUrl)?.Key ?? target.Url;
        if (Unavailable(fields) is { } reason)
        {
            return new ListedEntry(key, new SourceItem.Skipped(target.Url, reason), count);
        }

        var known = new VideoMetadata { SourceKind = SourceKinds.YouTube, SourceKey = key, Location = target.Url, Url = target.Url };
        var video = MetadataReader.Read(fields, known) with { SourceKey = key, Url = target.Url };
        return new ListedEntry(key, new SourceItem.Found(video), count);
    }

    private static VideoTarget? Target(JsonFields fields, VideoTarget list, YouTubeOptions options, UrlPolicy policy, out string error)
    {
        error = "";
        if (list.YouTube is not null)
        {
            if (fields.Text("ie_key") is null or "Youtube" && fields.Text("id") is { } id && VideoUrl.IsId(id))
            {
                var video = new VideoUrl(id);
                return new VideoTarget(video.Canonical, video);
            }

            error = $"not a video but {Fields.Shorten(fields.Text("ie_key") ?? "something without an id")}: {Fields.Shorten(fields.Text("url") ?? "?")}";
            return null;
        }

        // A file's own address is in webpage_url; that of an entry too, with yt-dlp's notes to itself behind it.
        var address = fields.Text("webpage_url") ?? fields.Text("url") ?? "";
        int smuggled = address.IndexOf(Smuggled, StringComparison.Ordinal);
        address = smuggled < 0 ? address : address[..smuggled];
        var target = VideoTarget.TryCreate(address, options, policy, out error);
        if (target?.YouTube is ChannelUrl or PlaylistUrl)
        {
            error = $"a list inside the list: {target.Url}";
            return null;
        }

        return target;
    }

    /// <summary>Why the list itself rules an entry out. Live streams are not ruled out but marked: screening rejects them on the record.</summary>
    private static string? Unavailable(JsonFields fields) => (fields.Text("title"), fields.Text("availability")) switch
    {
        ("[Private video]", _) or (_, "private") => "private",
        ("[Deleted video]", _) => "removed",
        (_, "subscriber_only") => "members-only: for members of the channel",
        (_, "premium_only") => "paid: for subscribers of the platform",
        (_, "needs_auth") => "login-required: for signed-in accounts",
        _ => null,
    };
}
