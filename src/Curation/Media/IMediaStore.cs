using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Curation.Media;

/// <summary>Content-addressed store of media. Writing the same bytes twice stores them once.</summary>
public interface IMediaStore
{
    /// <summary>A new empty private path for a producer to write; the file lives until <see cref="AdoptAsync"/> or a restart.</summary>
    string NewTemporaryPath(string extension);

    /// <summary>Moves a finished temporary file into the store under its SHA-256; durable when the task completes.</summary>
    /// <exception cref="MediaStoreException">A remote store cannot be reached or used.</exception>
    Task<MediaRef> AdoptAsync(string temporaryPath, CancellationToken cancellationToken);

    /// <summary>A local readable path of a stored blob (a download for remote stores).</summary>
    /// <exception cref="FileNotFoundException">The store does not hold it.</exception>
    /// <exception cref="MediaStoreException">A remote store cannot be reached or used, or holds other bytes than the reference says.</exception>
    Task<string> OpenLocalAsync(MediaRef reference, CancellationToken cancellationToken);
}
