using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MedGenCluster.Engine.Export.Formats;

/// <summary>JSON as every file of an export writes it: UTF-8, invariant numbers, readable text outside ASCII.</summary>
internal static class Json
{
    // Line separators and control characters stay escaped, so that one record is one line for every reader.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions Indented = Compact with { Indented = true, NewLine = "\n", IndentSize = 2 };

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write, bool indented = false)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, indented ? Indented : Compact))
        {
            write(writer);
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    /// <summary>A real number always keeps its decimal point, so that a column never looks integral in one place and real in another;
    /// what is no number is null.</summary>
    public static void Real(this Utf8JsonWriter writer, string name, double? value)
    {
        writer.WritePropertyName(name);
        if (value is not { } v || !double.IsFinite(v))
        {
            writer.WriteNullValue();
            return;
        }

        var text = v.ToString("R", CultureInfo.InvariantCulture);
        writer.WriteRawValue(text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text, skipInputValidation: true);
    }
}
