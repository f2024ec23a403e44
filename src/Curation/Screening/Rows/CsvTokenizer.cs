using System.Buffers;

namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>Splits CSV and TSV into records. A quote opens a quoted field only where a field begins, so that an inch sign inside a field means itself.</summary>
internal static class CsvTokenizer
{
    private static readonly SearchValues<byte> CommaStops = SearchValues.Create(",\n"u8);
    private static readonly SearchValues<byte> TabStops = SearchValues.Create("\t\n"u8);

    /// <summary>Reads the record at <paramref name="start"/>; returns where the next begins, or -1 where a quoted field is open at the end of the text.</summary>
    /// <param name="text">A part of the file that begins with a record.</param>
    /// <param name="start">Index of the record.</param>
    /// <param name="delimiter">Comma or tab.</param>
    /// <param name="fields">Cleared and filled; null where only the end matters.</param>
    /// <param name="isWellFormed">False where text follows a closing quote; the record then ends with the line.</param>
    public static int Read(ReadOnlySpan<byte> text, int start, byte delimiter, List<FieldSlice>? fields, out bool isWellFormed)
    {
        fields?.Clear();
        isWellFormed = true;
        var position = start;
        while (true)
        {
            if (position < text.Length && text[position] == '"')
            {
                var close = ClosingQuote(text, position + 1, out var encoding);
                if (close < 0)
                {
                    return -1;
                }

                fields?.Add(new FieldSlice(position + 1, close - position - 1, FieldKind.Text, encoding));
                position = close + 1;
                if (position < text.Length && text[position] == '\r' && (position + 1 == text.Length || text[position + 1] == '\n'))
                {
                    position++;
                }

                if (position < text.Length && text[position] != delimiter && text[position] != '\n')
                {
                    isWellFormed = false;
                    return LineEnd(text, position);
                }
            }
            else
            {
                var rest = text[position..];
                var end = rest.IndexOfAny(delimiter == ',' ? CommaStops : TabStops);
                end = end < 0 ? rest.Length : end;
                var isLast = end == rest.Length || rest[end] == '\n';
                var length = isLast && end > 0 && rest[end - 1] == '\r' ? end - 1 : end;
                fields?.Add(new FieldSlice(position, length, FieldKind.Text, TextEncoding.Plain));
                position += end;
            }

            if (position >= text.Length)
            {
                return text.Length;
            }

            if (text[position++] == '\n')
            {
                return position;
            }
        }
    }

    /// <summary>Index behind the line's end.</summary>
    public static int LineEnd(ReadOnlySpan<byte> text, int start)
    {
        var newline = text[start..].IndexOf((byte)'\n');
        return newline < 0 ? text.Length : start + newline + 1;
    }

    private static int ClosingQuote(ReadOnlySpan<byte> text, int position, out TextEncoding encoding)
    {
        encoding = TextEncoding.Plain;
        while (true)
        {
            var quote = text[position..].IndexOf((byte)'"');
            if (quote < 0)
            {
                return -1;
            }

            position += quote;
            if (position + 1 >= text.Length || text[position + 1] != '"')
            {
                return position;
            }

            encoding = TextEncoding.Csv;
            position += 2;
        }
    }
}
