using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Sources.YouTube;

namespace MedGenCluster.Silo.Submitting;

/// <summary>What kind of source somebody means.</summary>
public static class SourceSelection
{
    /// <param name="otherSites">Pages of other sites are asked for videos; else their addresses are taken to be video files.</param>
    /// <exception cref="SourceException">There is no such folder or file, or the address is none of YouTube's lists or videos.</exception>
    public static SourceSpec Of(string text, bool otherSites)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            if (!YouTubeUrl.IsOnYouTube(address))
            {
                return new SourceSpec(otherSites ? SourceKinds.YouTube : SourceKinds.Http, address.AbsoluteUri);
            }

            return YouTubeUrl.TryParse(text, out var error) is { } named ? new SourceSpec(SourceKinds.YouTube, named.Canonical) : throw new SourceException(error);
        }

        var path = Path.GetFullPath(text);
        return Directory.Exists(path) ? new SourceSpec(SourceKinds.Folder, path)
            : File.Exists(path) ? new SourceSpec(SourceKinds.Manifest, path)
            : throw new SourceException($"there is no folder or manifest {path}; name one that exists, or an address that begins with https://.");
    }

    /// <summary>A job's name where none is given.</summary>
    public static string Name(SourceSpec source)
    {
        if (source.Kind == SourceKinds.YouTube && YouTubeUrl.TryParse(source.Location, out _) is { } named)
        {
            return named is ChannelUrl channel ? channel.Name : new Uri(named.Canonical).PathAndQuery.Trim('/');
        }

        var name = Path.GetFileName(source.Location.TrimEnd('/'));
        return name.Length > 0 ? name : source.Location;
    }
}
