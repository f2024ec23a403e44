namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>What the bytes are that a filter reads.</summary>
internal enum FilterMode
{
    /// <summary>Straight from a file, without JSON's escapes.</summary>
    Raw,

    /// <summary>Straight from a file, with JSON's escapes.</summary>
    RawJson,

    /// <summary>Folded.</summary>
    Folded,
}
