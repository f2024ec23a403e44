using System.Text;
using System.Text.Json;
using MedGenCluster.Curation.Captioning;

namespace MedGenCluster.GpuWorkers.Captioning;

/// <summary>A text that an endpoint gave, or why there is none. Answers are read leniently: compatible servers differ in details
/// (unknown finish reasons, content in parts), and a usable caption is not thrown away for that.</summary>
internal sealed record ChatAnswer(string Text, string Model, CaptionResult? Trouble)
{
    public static ChatAnswer Read(int status, string body)
    {
        if (status != 200)
            return Of(StatusTrouble(status, body));
        try
        {
            using var document = JsonDocument.Parse(body);
            return ReadCompletion(document.RootElement);
        }
        catch (JsonException)
        {
            return Of(new CaptionResult.Failed(
                $"The captioning endpoint answered with something that is not JSON (it begins with “{Beginning(body)}”). Check that Captioner.Endpoint is the API's address.", true));
        }
    }

    public static ChatAnswer Of(CaptionResult trouble) => new("", "", trouble);

    private static ChatAnswer ReadCompletion(JsonElement root)
    {
        if (Object(root) is null || !root.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0
            || Object(choices[0]) is not { } choice || !choice.TryGetProperty("message", out var message) || Object(message) is null)
            return Of(new CaptionResult.Failed($"The captioning endpoint's answer has no message (it begins with “{Beginning(root.GetRawText())}”).", true));

        var finish = StringOf(choice, "finish_reason");
        if (StringOf(message, "refusal") is { Length: > 0 } refusal)
            return Of(new CaptionResult.Refused($"The model declined: {refusal}"));
        if (finish == "content_filter")
            return Of(new CaptionResult.Refused("The endpoint's content filter stopped the caption."));
        var text = Content(message).Trim();
        if (finish == "length")
            return Of(new CaptionResult.Truncated(text));
        return text.Length == 0
            ? Of(new CaptionResult.Failed("The model answered with an empty caption.", true))
            : new ChatAnswer(text, StringOf(root, "model"), null);
    }

    private static CaptionResult StatusTrouble(int status, string body)
    {
        var (code, message) = Error(body);
        // Azure's filter answers 400 with this code.
        if (code is "content_filter" or "content_policy_violation")
            return new CaptionResult.Refused($"The endpoint's content filter stopped the request: {message}");
        return status switch
        {
            401 or 403 => new CaptionResult.Failed($"The captioning endpoint refused the key ({status}): {message}", false),
            404 => new CaptionResult.Failed($"The captioning endpoint does not know the address or the model (404): {message}", false),
            429 => new CaptionResult.Failed($"The captioning endpoint is at its rate limit or quota (429): {message}", true),
            408 or >= 500 => new CaptionResult.Failed($"The captioning endpoint is in trouble ({status}): {message}", true),
            _ => new CaptionResult.Failed($"The captioning endpoint refused the request ({status}): {message}", false),
        };
    }

    private static (string Code, string Message) Error(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (Object(document.RootElement) is { } root && root.TryGetProperty("error", out var error))
                return error.ValueKind == JsonValueKind.Object ? (StringOf(error, "code"), StringOf(error, "message")) : ("", error.ToString());
        }
        catch (JsonException)
        {
            // Shown as it is below.
        }
        return ("", body.Length == 0 ? "no further words" : Beginning(body));
    }

    private static string Content(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.Array)
            return StringOf(message, "content");
        var text = new StringBuilder();
        foreach (var part in content.EnumerateArray())
            if (Object(part) is { } item)
                text.Append(StringOf(item, "text"));
        return text.ToString();
    }

    private static JsonElement? Object(JsonElement json) => json.ValueKind == JsonValueKind.Object ? json : null;

    private static string StringOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string Beginning(string body)
    {
        var line = string.Join(' ', body.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 120 ? line : line[..120] + "…";
    }
}
