namespace MedGenCluster.Curation.Screening.Rows;

internal static class CandidateFormats
{
    /// <summary>By the name's ending, before a <c>.gz</c>; where that says nothing, by the first line: an object, or a header with tabs or without.</summary>
    public static CandidateFormat Of(string name, ReadOnlySpan<byte> head)
    {
        var inner = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        return Path.GetExtension(inner).ToLowerInvariant() switch
        {
            ".ndjson" or ".jsonl" or ".json" => CandidateFormat.Ndjson,
            ".csv" => CandidateFormat.Csv,
            ".tsv" or ".tab" => CandidateFormat.Tsv,
            _ => Of(head),
        };
    }

    private static CandidateFormat Of(ReadOnlySpan<byte> head)
    {
        var text = head.TrimStart(" \t\r\n"u8);
        return text is [(byte)'{', ..] or [] ? CandidateFormat.Ndjson
            : text[..CsvTokenizer.LineEnd(text, 0)].Contains((byte)'\t') ? CandidateFormat.Tsv : CandidateFormat.Csv;
    }

    /// <summary>What stands between the fields of a record.</summary>
    public static byte Delimiter(CandidateFormat format) => format == CandidateFormat.Tsv ? (byte)'\t' : (byte)',';
}
