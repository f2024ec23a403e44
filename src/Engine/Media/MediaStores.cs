using System.Reflection;
using MedGenCluster.Curation.Media;
using MedGenCluster.Engine.Clustering;

namespace MedGenCluster.Engine.Media;

/// <summary>Opens the media store that a process is configured for.</summary>
public static class MediaStores
{
    /// <summary>Bytes of local copies of remote media, unless the caller says otherwise.</summary>
    public const long DefaultCacheBytes = 20L << 30;

    // Compiled only where its packages can be had, so it is looked up by name.
    private const string Blobs = "MedGenCluster.AzureStorage.BlobMediaStore, MedGenCluster.AzureStorage";

    /// <summary>The data directory's <c>media</c>, or Azure Blob Storage with copies in its <c>media-cache</c>. The caller disposes of a store that can be.</summary>
    /// <exception cref="ClusterException">A setting cannot be used, or this build has no Azure Blob Storage; the message says what to do.</exception>
    public static IMediaStore Open(ClusterSettings settings, DataDirectory data, TimeProvider time, long cacheBytes = DefaultCacheBytes)
    {
        if (settings.MediaContainer is not { } container)
        {
            return new DirectoryMediaStore(data.MediaPath, data.TemporaryPath);
        }

        var account = settings.AzureStorage ?? throw new ClusterException(
            $"Media in Azure Blob Storage need an account; name its file with --{ClusterConfiguration.AzureStorageFile} or set {ClusterConfiguration.Prefix}AZURE_STORAGE.");
        var type = Find() ?? throw new ClusterException(
            $"This build has no Azure Blob Storage: its package could not be had when it was built (`medgen setup` says which). Leave out --{ClusterConfiguration.MediaContainer} and share the data directory instead.");
        try
        {
            return (IMediaStore)Activator.CreateInstance(
                type, BindingFlags.DoNotWrapExceptions | BindingFlags.Public | BindingFlags.Instance, null, [account, container, Path.Combine(data.Root, "media-cache"), cacheBytes, time], null)!;
        }
        catch (MediaStoreException error)
        {
            throw new ClusterException(error.Message, error);
        }
    }

    /// <summary>Makes the place for media where it is missing; nothing to do for a directory.</summary>
    /// <exception cref="MediaStoreException">It cannot be reached or made.</exception>
    public static Task PrepareAsync(IMediaStore store, CancellationToken cancellationToken) =>
        store is IRemoteMediaStore remote ? remote.PrepareAsync(cancellationToken) : Task.CompletedTask;

    private static Type? Find()
    {
        try
        {
            return Type.GetType(Blobs, throwOnError: false);
        }
        catch (Exception error) when (error is FileLoadException or BadImageFormatException)
        {
            return null;
        }
    }
}
