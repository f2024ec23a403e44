using System.Text;
using System.Text.Json;

namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>Finds the fields of any JSON object, and validates all of it. The judge of every row that <see cref="JsonRowReader"/> does not take.</summary>
internal static class JsonRowParser
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <summary>False where the row is no JSON object. The last of several values of one name counts.</summary>
    /// <param name="block">The text that <paramref name="fields"/> points into.</param>
    /// <param name="start">Where the row begins in it.</param>
    /// <param name="length">Bytes of the row.</param>
    /// <param name="fields">Cleared and filled.</param>
    public static bool Read(ReadOnlySpan<byte> block, int start, int length, RowFields fields)
    {
        fields.Clear();
        fields.Suspects = uint.MaxValue;
        var reader = new Utf8JsonReader(block.Slice(start, length), Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var column = fields.Named(reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(FieldDecoder.Decode(reader.ValueSpan, TextEncoding.Json)) : reader.ValueSpan);
                reader.Read();
                var slice = Value(ref reader, start);
                if (column is { } known)
                {
                    fields[known] = slice;
                }
            }

            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static FieldSlice Value(ref Utf8JsonReader reader, int start)
    {
        var position = start + (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return new FieldSlice(position + 1, reader.ValueSpan.Length, FieldKind.Text, reader.ValueIsEscaped ? TextEncoding.Json : TextEncoding.Plain);
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                return new FieldSlice(position, reader.ValueSpan.Length, FieldKind.Text, TextEncoding.Plain);
            case JsonTokenType.StartArray:
                var kind = FieldKind.TextArray;
                for (var depth = reader.CurrentDepth; reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth);)
                {
                    kind = reader.TokenType == JsonTokenType.String ? kind : FieldKind.MixedArray;
                }

                return new FieldSlice(position, start + (int)reader.BytesConsumed - position, kind, TextEncoding.Json);
            default:
                reader.Skip();
                return default;
        }
    }
}
