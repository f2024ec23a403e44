using MedGenCluster.Curation.Network;

namespace MedGenCluster.Curation.Sources.YouTube;

/// <summary>An address as yt-dlp is asked for it, and with whom it shares its fate.</summary>
/// <param name="Url">Canonical for YouTube.</param>
/// <param name="YouTube">What it names there; null for another site.</param>
internal sealed record VideoTarget(string Url, YouTubeUrl? YouTube)
{
    private const string YouTubeHost = "www.youtube.com";

    /// <summary>The circuit's name of the source.</summary>
    public string Source => YouTube is null ? Host : SourceKinds.YouTube;

    /// <summary>The host whose budget a run spends.</summary>
    public string Host => YouTube is null ? new Uri(Url).Authority.ToLowerInvariant() : YouTubeHost;

    /// <summary>What the address names, in a word.</summary>
    public string Noun => YouTube switch
    {
        ChannelUrl => "channel",
        PlaylistUrl => "playlist",
        VideoUrl => "video",
        _ => "page",
    };

    /// <param name="policy">What addresses of other sites may be asked.</param>
    /// <param name="error">A sentence; empty on success.</param>
    public static VideoTarget? TryCreate(string address, YouTubeOptions options, UrlPolicy policy, out string error)
    {
        bool isUrl = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
        if (!options.AllowOtherSites || !isUrl || YouTubeUrl.IsOnYouTube(uri!))
        {
            return YouTubeUrl.TryParse(address, out error) is { } found ? new VideoTarget(found.Canonical, found) : null;
        }

        error = policy.Refuse(uri!) is { } reason ? $"'{Fields.Shorten(address)}' may not be asked: {reason}." : "";
        return error.Length == 0 ? new VideoTarget(uri!.AbsoluteUri, null) : null;
    }
}
