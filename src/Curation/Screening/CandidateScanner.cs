using System.Text.Unicode;
using MedGenCluster.Curation.Screening.Keywords;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Curation.Screening;

/// <summary>Reads the rows of blocks, validates every one of them and reports those in which a term occurs. One for each thread; reusable.</summary>
public sealed class CandidateScanner
{
    private readonly CandidateScannerOptions _options;
    private readonly RowFields _fields;
    private readonly RowMatcher _matcher;
    private readonly RowKeys _keys = new();
    private readonly JsonRowReader _json;
    private readonly CsvRowReader _csv;

    public CandidateScanner(KeywordMatcher matcher, CandidateScannerOptions? options = null)
    {
        _options = options ?? new CandidateScannerOptions();
        _fields = new RowFields(_options.LabelColumn);
        _matcher = new RowMatcher(matcher);
        _json = new JsonRowReader(_fields, matcher.Filter);
        _csv = new CsvRowReader(_fields, matcher.Filter);
    }

    /// <summary>Reports what the block holds to <paramref name="sink"/>, in the order of the rows, then what the reader of blocks found wrong. Returns the number
    /// of rows, usable or not; blank lines are none.</summary>
    public long Scan(CandidateBlock block, ICandidateSink sink)
    {
        var text = block.Bytes;
        var rows = block.Format == CandidateFormat.Ndjson ? ScanLines(text, block, sink) : ScanRecords(text, block, sink);
        foreach (var (trouble, line) in block.Troubles)
        {
            sink.Trouble(trouble, line);
            rows += trouble == RowTrouble.TruncatedArchive ? 0 : 1;
        }

        return rows;
    }

    private long ScanLines(ReadOnlySpan<byte> text, CandidateBlock block, ICandidateSink sink)
    {
        var isUtf8 = Utf8.IsValid(text);
        var line = block.Start.Line;
        var rows = 0L;
        for (var start = 0; start < text.Length; line++)
        {
            var length = _json.TryRead(block.Padded, start, text.Length) - start;
            var end = length < 0 ? -1 : BehindLineEnd(text, start + length);
            var isRead = end >= 0;
            if (!isRead)
            {
                end = CsvTokenizer.LineEnd(text, start);
                length = WithoutLineEnd(text[start..end]);
            }

            if (isRead || text.Slice(start, length).ContainsAnyExcept((byte)' ', (byte)'\t'))
            {
                rows++;
                if (!isUtf8 && !Utf8.IsValid(text.Slice(start, length)))
                {
                    sink.Trouble(RowTrouble.BrokenUtf8, line);
                }
                else if (isRead || JsonRowParser.Read(text, start, length, _fields))
                {
                    Usable(block.Padded, start, length, line, sink);
                }
                else
                {
                    sink.Trouble(RowTrouble.MalformedJson, line);
                }
            }

            start = end;
        }

        return rows;
    }

    private long ScanRecords(ReadOnlySpan<byte> text, CandidateBlock block, ICandidateSink sink)
    {
        var isUtf8 = Utf8.IsValid(text);
        var rows = 0L;
        var line = block.Start.Line;
        _csv.Use(block.Header!, CandidateFormats.Delimiter(block.Format));
        for (var start = 0; start < text.Length;)
        {
            var end = _csv.Read(text, start, out var isWellFormed);
            var length = WithoutLineEnd(text[start..end]);
            if (length > 0)
            {
                rows++;
                if (!isUtf8 && !Utf8.IsValid(text.Slice(start, length)))
                {
                    sink.Trouble(RowTrouble.BrokenUtf8, line);
                }
                else if (isWellFormed)
                {
                    _csv.FindSuspects(block.Padded);
                    Usable(block.Padded, start, length, line, sink);
                }
                else
                {
                    sink.Trouble(RowTrouble.MalformedCsv, line);
                }
            }

            line += text[start..end].Count((byte)'\n');
            start = end;
        }

        return rows;
    }

    private void Usable(ReadOnlySpan<byte> padded, int start, int length, long line, ICandidateSink sink)
    {
        if (!_fields.IsComplete)
        {
            sink.Trouble(RowTrouble.MissingFields, line);
            return;
        }

        var isHit = _matcher.Match(padded, _fields);
        if (_options.ReadKeys)
        {
            _keys.Report(padded, _fields, line, isHit, sink);
        }

        if (isHit)
        {
            sink.Hit(new CandidateHit { Line = line, Row = FieldDecoder.Row(padded, _fields), Terms = _matcher.Matches, Raw = padded.Slice(start, length) });
        }
    }

    /// <summary>Index behind the line end that stands at <paramref name="position"/>, or the text's end; -1 where something else stands there.</summary>
    private static int BehindLineEnd(ReadOnlySpan<byte> text, int position) => text[position..] switch
    {
        [] => position,
        [(byte)'\n', ..] => position + 1,
        [(byte)'\r', (byte)'\n', ..] => position + 2,
        _ => -1,
    };

    private static int WithoutLineEnd(ReadOnlySpan<byte> row)
    {
        var length = row is [.., (byte)'\n'] ? row.Length - 1 : row.Length;
        return length > 0 && row[length - 1] == '\r' ? length - 1 : length;
    }
}
