namespace MedGenCluster.Curation.Media;

/// <summary>Media that other machines share, with copies of what is used here in a local folder.</summary>
public interface IRemoteMediaStore : IMediaStore, IDisposable
{
    /// <summary>Makes the place for media where it is missing. Doing it again changes nothing.</summary>
    /// <exception cref="MediaStoreException">It cannot be reached or made with the rights that this process has.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);
}
