using System.Text.Json;

namespace MedGenCluster.Curation.Prompts;

/// <summary>One JSON line of a prompt file.</summary>
internal static class PromptLine
{
    private const int MaxLabel = 64;

    /// <returns>What it says, or what is wrong with it.</returns>
    public static (string? Text, string? Category, string? Id, string? Error) Read(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("prompt", out var prompt) || prompt.ValueKind != JsonValueKind.String)
            {
                return Wrong("it has no text \"prompt\"; a JSON line is {\"prompt\": \"...\"}, with \"category\" and \"id\" where wanted.");
            }

            var text = prompt.GetString()!.Trim();
            var (category, id) = (Label(root, "category"), Label(root, "id"));
            return text.Length == 0 ? Wrong("its \"prompt\" is empty.")
                : (category.Error ?? id.Error) is { } error ? Wrong(error)
                : (text, category.Value, id.Value, null);
        }
        catch (JsonException exception)
        {
            return Wrong($"it is no JSON object, which the file's first prompt is: {exception.Message}");
        }
        catch (InvalidOperationException)
        {
            return Wrong("it has half of a surrogate pair (\\ud800 to \\udfff); write the whole character.");
        }
    }

    private static (string? Value, string? Error) Label(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var element) || element.ValueKind == JsonValueKind.Null)
        {
            return (null, null);
        }

        var value = element.ValueKind == JsonValueKind.String ? element.GetString()!.Trim() : null;
        return value is { Length: > 0 and <= MaxLabel } && !value.Any(char.IsControl) ? (value, null) : (null, $"its \"{name}\" must be a text of 1 to {MaxLabel} characters.");
    }

    private static (string?, string?, string?, string?) Wrong(string error) => (null, null, null, error);
}
