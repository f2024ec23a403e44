using System.Runtime.CompilerServices;
using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Curation.Sources;

/// <summary>One video: the address of its file. Nothing is asked for before the fetch stage.</summary>
/// <param name="location">Absolute http or https URL without user name and password; the fragment does not count.</param>
public sealed class HttpSource(string location) : IVideoSource
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceItem> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        cancellationToken.ThrowIfCancellationRequested();
        var url = Url();
        yield return new SourceItem.Found(new VideoMetadata
        {
            SourceKind = SourceKinds.Http,
            SourceKey = url,
            Location = url,
            Url = url,
            Title = Title(new Uri(url)),
        });
    }

    private string Url()
    {
        if (!Uri.TryCreate(location.Trim(), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            throw new SourceException($"'{Fields.Shorten(location)}' is not an absolute http or https address. Give the URL of a video file.");
        }

        if (url.UserInfo.Length > 0)
        {
            throw new SourceException($"The URL at {url.Host} carries a user name or password, which would be kept with every clip. Give it without.");
        }

        return url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
    }

    private static string Title(Uri url)
    {
        var name = Uri.UnescapeDataString(url.Segments[^1]).Trim('/');
        return name.Length == 0 ? url.Host : Path.GetFileNameWithoutExtension(name);
    }
}
