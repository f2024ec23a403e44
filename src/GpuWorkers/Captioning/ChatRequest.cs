using System.Buffers;
using System.Text.Json;

namespace MedGenCluster.GpuWorkers.Captioning;

/// <summary>Writes the body of a chat completion request with one user message.</summary>
internal static class ChatRequest
{
    public static BinaryData Write(OpenAiCaptionerOptions options, string text, IReadOnlyList<ReadOnlyMemory<byte>> jpegs, int maxTokens)
    {
        var buffer = new ArrayBufferWriter<byte>(1024 + jpegs.Sum(jpeg => (jpeg.Length * 4 / 3) + 128));
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("model", options.Model);
            json.WriteNumber("max_completion_tokens", maxTokens);
            if (options.Temperature is { } temperature)
                json.WriteNumber("temperature", temperature);
            json.WriteStartArray("messages");
            json.WriteStartObject();
            json.WriteString("role", "user");
            json.WriteStartArray("content");
            foreach (var jpeg in jpegs)
            {
                json.WriteStartObject();
                json.WriteString("type", "image_url");
                json.WriteStartObject("image_url");
                json.WriteString("url", "data:image/jpeg;base64," + Convert.ToBase64String(jpeg.Span));
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteStartObject();
            json.WriteString("type", "text");
            json.WriteString("text", text);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return BinaryData.FromBytes(buffer.WrittenMemory);
    }
}
