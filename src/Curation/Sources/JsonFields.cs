using System.Text.Json;

namespace MedGenCluster.Curation.Sources;

/// <summary>Fields of a JSON object.</summary>
internal sealed class JsonFields(JsonElement element) : Fields
{
    public override string? Text(string name) => element.TryGetProperty(name, out var value) ? Text(name, value) : null;

    public override IReadOnlyList<string> Texts(string name)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return Text(name, value) is { } single ? [single] : [];
        }

        var texts = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (Text(name, item) is { } text)
            {
                texts.Add(text);
            }
        }

        return texts;
    }

    public override IEnumerable<Fields> Items(string name)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            yield break;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Warn($"{name} is not a list");
            yield break;
        }

        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object)
            {
                yield return new JsonFields(item);
            }
            else
            {
                Warn($"{name} holds something that is not an object");
            }
        }
    }

    private string? Text(string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                try
                {
                    return value.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
                }
                catch (InvalidOperationException)
                {
                    // An escaped half of a surrogate pair is valid JSON and no text.
                    Warn($"{name} holds characters that are no valid Unicode");
                    return null;
                }

            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                return value.GetRawText();

            case JsonValueKind.Null:
                return null;

            default:
                Warn($"{name} is not a text");
                return null;
        }
    }
}
