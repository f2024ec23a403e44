namespace MedGenCluster.Curation.Screening;

/// <summary>What can be wrong with a row of candidates. Such rows are counted by kind with their line numbers and are never fatal unless asked for.</summary>
public enum RowTrouble
{
    BrokenUtf8,
    TooLong,
    MalformedJson,
    MalformedCsv,

    /// <summary>Neither title nor description, or nothing that names the video.</summary>
    MissingFields,

    /// <summary>A row with the id of an earlier survivor.</summary>
    DuplicateId,

    /// <summary>The archive ends early or is damaged; what came before is used.</summary>
    TruncatedArchive,
}
