namespace MedGenCluster.Curation.Screening;

/// <summary>A file of terms that cannot be used; the message names file and line.</summary>
public sealed class DictionaryException : Exception
{
    public DictionaryException(string message)
        : base(message)
    {
    }

    public DictionaryException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
