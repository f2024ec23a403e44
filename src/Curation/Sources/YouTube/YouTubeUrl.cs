using System.Text.RegularExpressions;

namespace MedGenCluster.Curation.Sources.YouTube;

/// <summary>An address on YouTube that names something to crawl: a <see cref="VideoUrl"/>, a <see cref="ChannelUrl"/> or a <see cref="PlaylistUrl"/>.
/// Two spellings of one thing are equal.</summary>
public abstract partial record YouTubeUrl
{
    private const string Forms =
        "give a video (https://www.youtube.com/watch?v=..., https://youtu.be/..., /shorts/...), a channel (/@name, /channel/UC..., /c/..., /user/...) or a playlist (/playlist?list=...)";

    private static readonly HashSet<string> Hosts = new(StringComparer.OrdinalIgnoreCase) { "youtube.com", "www.youtube.com", "m.youtube.com" };

    private protected YouTubeUrl()
    {
    }

    /// <summary>The one spelling that is stored and asked for.</summary>
    public abstract string Canonical { get; }

    public sealed override string ToString() => Canonical;

    /// <summary>Reads an address strictly: an http or https URL of YouTube in one of the forms that name a video, channel or playlist.</summary>
    /// <returns>Null with <paramref name="error"/>, a sentence that says what to give instead.</returns>
    public static YouTubeUrl? TryParse(string text, out string error)
    {
        error = "";
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            error = $"'{Fields.Shorten(text)}' is no http or https address; {Forms}.";
            return null;
        }

        if (uri.UserInfo.Length > 0 || !uri.IsDefaultPort || !(IsShort(uri) || Hosts.Contains(uri.Host)))
        {
            error = $"'{Fields.Shorten(text)}' is not an address of YouTube; {Forms}.";
            return null;
        }

        var path = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        var (found, reason) = IsShort(uri) ? Short(path) : Long(path, uri);
        error = found is null ? $"'{Fields.Shorten(text)}' {reason}; {Forms}." : "";
        return found;
    }

    /// <summary>Whether the address is on one of YouTube's hosts, whatever it names there.</summary>
    public static bool IsOnYouTube(Uri uri) => IsShort(uri) || Hosts.Contains(uri.Host) || uri.Host.EndsWith(".youtube.com", StringComparison.OrdinalIgnoreCase);

    private static bool IsShort(Uri uri) => uri.Host.Equals("youtu.be", StringComparison.OrdinalIgnoreCase);

    private static (YouTubeUrl? Found, string Reason) Short(string[] path) =>
        path is [var id] ? Video(id) : (null, "names no video");

    private static (YouTubeUrl? Found, string Reason) Long(string[] path, Uri uri) => path switch
    {
        ["watch"] => Video(Query(uri, "v")),
        ["shorts", var id] => Video(id),
        ["playlist"] => Playlist(Query(uri, "list")),
        ["channel", var id] => Channel(ChannelNaming.Id, id, null),
        ["channel", var id, var tab] => Channel(ChannelNaming.Id, id, tab),
        ["c", var name] => Channel(ChannelNaming.Custom, name, null),
        ["c", var name, var tab] => Channel(ChannelNaming.Custom, name, tab),
        ["user", var name] => Channel(ChannelNaming.User, name, null),
        ["user", var name, var tab] => Channel(ChannelNaming.User, name, tab),
        [['@', .. var name]] => Channel(ChannelNaming.Handle, name, null),
        [['@', .. var name], var tab] => Channel(ChannelNaming.Handle, name, tab),
        _ => (null, "names neither a video nor a channel nor a playlist"),
    };

    private static (YouTubeUrl? Found, string Reason) Video(string id) =>
        VideoUrl.IsId(id) ? (new VideoUrl(id), "") : (null, "holds no video id (11 letters, digits, '-' and '_')");

    private static (YouTubeUrl? Found, string Reason) Playlist(string id) => id switch
    {
        "WL" or "LL" or "HL" => (null, "is a list of a signed-in account"),
        ['R', 'D', ..] => (null, "is a mix, which is made up for each viewer and has no end"),
        _ when PlaylistId().IsMatch(id) => (new PlaylistUrl(id), ""),
        _ => (null, "holds no playlist id"),
    };

    private static (YouTubeUrl? Found, string Reason) Channel(ChannelNaming naming, string name, string? tab)
    {
        if (!(naming == ChannelNaming.Id ? ChannelId() : ChannelName()).IsMatch(name))
        {
            return (null, naming == ChannelNaming.Id ? "holds no channel id (UC and 22 letters, digits, '-' and '_')" : "holds no name of a channel");
        }

        return tab switch
        {
            null or "videos" or "featured" => (new ChannelUrl(naming, name, ChannelTab.Videos), ""),
            "shorts" => (new ChannelUrl(naming, name, ChannelTab.Shorts), ""),
            "streams" => (new ChannelUrl(naming, name, ChannelTab.Streams), ""),
            _ => (null, $"names a part of a channel that lists no videos ('{Fields.Shorten(tab)}'; videos, shorts and streams do)"),
        };
    }

    private static string Query(Uri uri, string name) => uri.Query.TrimStart('?').Split('&')
        .Select(pair => pair.Split('=', 2))
        .Where(pair => pair.Length == 2 && pair[0] == name)
        .Select(pair => Uri.UnescapeDataString(pair[1]))
        .FirstOrDefault("");

    [GeneratedRegex(@"\A(PL|UU|OL|FL|EL|SP|PU|TL)[A-Za-z0-9_-]{8,80}\z")]
    private static partial Regex PlaylistId();

    [GeneratedRegex(@"\AUC[A-Za-z0-9_-]{22}\z")]
    private static partial Regex ChannelId();

    // Handles may be written in any script.
    [GeneratedRegex(@"\A[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}._·-]{0,99}\z")]
    private static partial Regex ChannelName();
}
