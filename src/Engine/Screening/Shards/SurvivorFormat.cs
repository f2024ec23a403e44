using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Channels;
using MedGenCluster.Curation.Screening.Keywords;
using MedGenCluster.Curation.Screening.Rows;
using MedGenCluster.Engine.Screening.Results;

namespace MedGenCluster.Engine.Screening.Shards;

/// <summary>A candidate with what the screening found: one JSON object on one line. A JSON row keeps all of its fields as they were written; of a CSV row the
/// known columns are kept. What the screening adds is the object <see cref="Property"/>, so that no field of the row is in its way.</summary>
internal static class SurvivorFormat
{
    public const string Property = "screening";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="raw">The JSON object of the row; empty where the row was not JSON.</param>
    public static byte[] Write(ReadOnlyMemory<byte> raw, ScannedRow row, string input, ClassifierIdentity? classifier)
    {
        var buffer = new ArrayBufferWriter<byte>(raw.Length + 512);
        if (raw.IsEmpty)
        {
            using var json = new Utf8JsonWriter(buffer, Options);
            Fields(json, row.Row);
        }
        else
        {
            Copy(buffer, raw);
        }

        // Both leave an object that is open and not empty: a row with a term has a field.
        buffer.Write(",\"screening\":"u8);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            Found(json, row, input, classifier);
        }

        buffer.Write("}\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Found(Utf8JsonWriter json, ScannedRow row, string input, ClassifierIdentity? classifier)
    {
        json.WriteStartObject();
        json.WriteStartArray("terms");
        foreach (var term in row.Terms)
        {
            json.WriteStartObject();
            json.WriteString("term", term.Term);
            json.WriteString("category", term.Category);
            json.WriteString("field", Name(term.Field));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (row.Probability is { } probability && classifier is not null)
        {
            json.WriteNumber("probability", probability);
            json.WriteString("model", classifier.Version);
            json.WriteBoolean("demo", classifier.IsDemo);
        }
        else
        {
            json.WriteNull("probability");
            json.WriteNull("model");
            json.WriteBoolean("demo", false);
        }

        json.WriteString("input", input);
        json.WriteNumber("line", row.Line);
        if (row.Channel.IsNone)
        {
            json.WriteNull("channel_key");
        }
        else
        {
            json.WriteString("channel_key", ChannelFormat.Key(row.Channel));
        }

        json.WriteEndObject();
    }

    private static void Copy(ArrayBufferWriter<byte> buffer, ReadOnlyMemory<byte> raw)
    {
        if (raw.Span.Contains((byte)'\r'))
        {
            // A carriage return in valid JSON is white space between tokens, and a line's end to many readers of lines.
            var spaced = raw.ToArray();
            spaced.AsSpan().Replace((byte)'\r', (byte)' ');
            raw = spaced;
        }

        if (raw.Span.IndexOf("\"screening\""u8) < 0)
        {
            buffer.Write(raw.Span.Trim(" \t\n"u8)[..^1]);
            return;
        }

        // A survivor that is screened again loses what the earlier screening had added.
        using var document = JsonDocument.Parse(raw);
        var separator = (byte)'{';
        foreach (var property in document.RootElement.EnumerateObject().Where(property => !property.NameEquals(Property)))
        {
            buffer.Write([separator, (byte)'"']);
            buffer.Write(JsonMarshal.GetRawUtf8PropertyName(property));
            buffer.Write("\":"u8);
            buffer.Write(JsonMarshal.GetRawUtf8Value(property.Value));
            separator = (byte)',';
        }
    }

    private static void Fields(Utf8JsonWriter json, CandidateRow row)
    {
        json.WriteStartObject();
        Text("id", row.Id);
        Text("title", row.Title);
        Text("description", row.Description);
        if (row.Tags.Count > 0)
        {
            json.WriteStartArray("tags");
            foreach (var tag in row.Tags)
            {
                json.WriteStringValue(tag);
            }

            json.WriteEndArray();
        }

        Text("url", row.Url);
        Text("path", row.Path);
        Text("channel", row.Channel);
        Text("channel_id", row.ChannelId);
        Text("channel_url", row.ChannelUrl);
        Text("uploader", row.Uploader);
        Text("license", row.License);
        Text("upload_date", row.UploadDate);
        if (row.DurationSeconds is { } duration)
        {
            json.WriteNumber("duration", duration);
        }

        Text("live_status", row.LiveStatus);
        Text("label", row.Label);

        void Text(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                json.WriteString(name, value);
            }
        }
    }

    private static string Name(CandidateField field) => field switch
    {
        CandidateField.Title => "title",
        CandidateField.Description => "description",
        _ => "tags",
    };
}
