namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>How the bytes of a field stand for its text.</summary>
internal enum TextEncoding : byte
{
    /// <summary>UTF-8 as it is.</summary>
    Plain,

    /// <summary>UTF-8 with JSON's escapes: the inside of a string or the whole of an array of strings.</summary>
    Json,

    /// <summary>UTF-8 in which two quotes stand for one: the inside of a quoted CSV field.</summary>
    Csv,
}
