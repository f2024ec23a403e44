namespace MedGenCluster.Curation.Media;

/// <summary>The place that holds the media did not do what it was asked; the message says what to do.</summary>
/// <param name="retryable">It may do it a while later: it is away or overloaded. False: somebody has to mend something first.</param>
public sealed class MediaStoreException(string message, bool retryable, Exception? inner = null) : Exception(message, inner)
{
    public bool Retryable { get; } = retryable;
}
