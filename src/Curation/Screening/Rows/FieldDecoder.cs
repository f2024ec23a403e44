using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>Turns the fields of a row into text. Only rows that matter come this far.</summary>
internal static class FieldDecoder
{
    public static CandidateRow Row(ReadOnlySpan<byte> block, RowFields fields) => new()
    {
        Id = Text(block, fields[Column.Id]),
        Title = Text(block, fields[Column.Title]) ?? "",
        Description = Text(block, fields[Column.Description]) ?? "",
        Tags = Texts(block, fields[Column.Tags]),
        Url = Text(block, fields[Column.Url]) ?? Text(block, fields[Column.WebpageUrl]),
        Path = Text(block, fields[Column.Path]),
        Channel = Text(block, fields[Column.Channel]),
        ChannelId = Text(block, fields[Column.ChannelId]),
        ChannelUrl = Text(block, fields[Column.ChannelUrl]),
        Uploader = Text(block, fields[Column.Uploader]),
        License = Text(block, fields[Column.License]),
        UploadDate = Text(block, fields[Column.UploadDate]),
        DurationSeconds = Amount(Text(block, fields[Column.Duration])),
        LiveStatus = Text(block, fields[Column.LiveStatus]),
        Label = Text(block, fields[Column.Label]),
    };

    /// <summary>The text of a field; null where it is absent, blank or no text.</summary>
    public static string? Text(ReadOnlySpan<byte> block, FieldSlice slice)
    {
        var text = slice.Kind == FieldKind.Text ? Decode(slice.Of(block), slice.Encoding) : null;
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    public static string Decode(ReadOnlySpan<byte> raw, TextEncoding encoding) => encoding switch
    {
        TextEncoding.Json => DecodeJson(raw),
        TextEncoding.Csv => Encoding.UTF8.GetString(raw).Replace("\"\"", "\"", StringComparison.Ordinal),
        _ => Encoding.UTF8.GetString(raw),
    };

    private static string DecodeJson(ReadOnlySpan<byte> raw)
    {
        var text = new StringBuilder(raw.Length);
        while (raw.IndexOf((byte)'\\') is >= 0 and var run)
        {
            text.Append(Encoding.UTF8.GetString(raw[..run]));
            var escape = JsonEscape.Read(raw[run..]);
            text.Append(new Rune(escape.CodePoint).ToString());
            raw = raw[(run + escape.Length)..];
        }

        return text.Append(Encoding.UTF8.GetString(raw)).ToString();
    }

    /// <summary>The texts of an array; of a single text its parts between semicolons, or commas where it has none.</summary>
    public static IReadOnlyList<string> Texts(ReadOnlySpan<byte> block, FieldSlice slice)
    {
        if (slice.Kind is not (FieldKind.TextArray or FieldKind.MixedArray))
        {
            return Text(block, slice) is { } single
                ? single.Split(single.Contains(';') ? ';' : ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                : [];
        }

        var texts = new List<string>();
        var reader = new Utf8JsonReader(slice.Of(block));
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && reader.CurrentDepth == 1)
            {
                texts.Add(Decode(reader.ValueSpan, reader.ValueIsEscaped ? TextEncoding.Json : TextEncoding.Plain));
            }
        }

        return texts;
    }

    private static double? Amount(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && value >= 0 ? value : null;
}
