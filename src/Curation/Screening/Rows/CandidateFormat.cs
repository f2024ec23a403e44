namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>How a file writes its candidates.</summary>
public enum CandidateFormat
{
    /// <summary>One JSON object a line.</summary>
    Ndjson,

    /// <summary>Comma separated with a header; a quoted field may hold line ends.</summary>
    Csv,

    /// <summary>Tab separated with a header, quoted as CSV is.</summary>
    Tsv,
}
