namespace MedGenCluster.Curation.Screening.Report;

/// <summary>Kinds of trouble as reports write them.</summary>
public static class TroubleNames
{
    /// <summary>For example <c>broken-utf8</c>.</summary>
    public static string Name(this RowTrouble trouble) => trouble switch
    {
        RowTrouble.BrokenUtf8 => "broken-utf8",
        RowTrouble.TooLong => "too-long",
        RowTrouble.MalformedJson => "malformed-json",
        RowTrouble.MalformedCsv => "malformed-csv",
        RowTrouble.MissingFields => "missing-fields",
        RowTrouble.DuplicateId => "duplicate-id",
        RowTrouble.TruncatedArchive => "truncated-archive",
        _ => trouble.ToString(),
    };

    /// <summary>For people, for example <c>is not valid UTF-8</c>.</summary>
    public static string Words(this RowTrouble trouble) => trouble switch
    {
        RowTrouble.BrokenUtf8 => "is not valid UTF-8",
        RowTrouble.TooLong => "is longer than a row may be",
        RowTrouble.MalformedJson => "is not a JSON object",
        RowTrouble.MalformedCsv => "does not fit the table's header or has a stray quote",
        RowTrouble.MissingFields => "lacks a title and description, or an id, url and path",
        RowTrouble.DuplicateId => "has the id of an earlier survivor",
        RowTrouble.TruncatedArchive => "is where the archive is cut short or damaged",
        _ => trouble.ToString(),
    };
}
