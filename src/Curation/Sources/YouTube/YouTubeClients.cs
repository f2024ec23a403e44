using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Processes;

namespace MedGenCluster.Curation.Sources.YouTube;

/// <summary>Makes the client that the options name.</summary>
public static class YouTubeClients
{
    // Compiled only where its package can be had, so it is looked up by name.
    private const string Explode = "MedGenCluster.YoutubeExplodeSource.ExplodeClient, MedGenCluster.YoutubeExplodeSource";

    /// <exception cref="SourceException">An option cannot be used, or this build does not have the client; the message says what to do.</exception>
    public static IYouTubeClient Create(YouTubeOptions options, IProcessRunner runner, UrlPolicy policy, TimeProvider time)
    {
        if (options.Validate() is { Count: > 0 } errors)
        {
            throw new SourceException(string.Join(' ', errors));
        }

        if (options.Client == YouTubeOptions.YtDlpClient)
        {
            return new YtDlp(runner, options);
        }

        if (Find() is not { } type)
        {
            throw new SourceException(
                $"This build has no YoutubeExplode: its package could not be had when it was built (`medgen setup` says which). Use youtube.client={YouTubeOptions.YtDlpClient}.");
        }

        return (IYouTubeClient)Activator.CreateInstance(type, options, policy, time)!;
    }

    private static Type? Find()
    {
        try
        {
            return Type.GetType(Explode, throwOnError: false);
        }
        catch (Exception error) when (error is FileLoadException or BadImageFormatException)
        {
            return null;
        }
    }
}
