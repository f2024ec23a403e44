using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Curation.Screening.Channels;

/// <summary>Finds the source that lists a channel's other uploads.</summary>
public static class ChannelSource
{
    private static readonly string[] YouTubeHosts = ["youtube.com", "youtu.be", "youtube-nocookie.com"];

    /// <summary>A YouTube address is listed by the YouTube source, a local path or a <c>file:</c> URL by the folder source; whether the folder exists is not
    /// looked at.</summary>
    /// <param name="channelUrl">The row's <c>channel_url</c>.</param>
    /// <param name="folder">Folder of the file of candidates, which a relative path is relative to.</param>
    /// <returns>Null where no source lists it: its survivors can only be crawled one by one.</returns>
    public static SourceSpec? Of(string? channelUrl, string folder)
    {
        if (string.IsNullOrWhiteSpace(channelUrl) || channelUrl.Contains('\0'))
        {
            return null;
        }

        // On Unix a rooted path parses as a file: URL, and one that holds a % would not survive that.
        if (channelUrl.StartsWith('/') || !Uri.TryCreate(channelUrl, UriKind.Absolute, out var url))
        {
            return new SourceSpec(SourceKinds.Folder, Path.GetFullPath(channelUrl, folder));
        }

        return url switch
        {
            { Scheme: "file", IsUnc: false } => new SourceSpec(SourceKinds.Folder, Path.GetFullPath(url.LocalPath)),
            { Scheme: "http" or "https", UserInfo: "" } when YouTubeHosts.Any(host => url.Host == host || url.Host.EndsWith("." + host, StringComparison.Ordinal)) =>
                new SourceSpec(SourceKinds.YouTube, url.AbsoluteUri),
            _ => null,
        };
    }
}
