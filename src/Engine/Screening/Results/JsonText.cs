using System.Text.Json;

namespace MedGenCluster.Engine.Screening.Results;

/// <summary>Reads texts of rows as the candidates' readers do.</summary>
internal static class JsonText
{
    /// <summary>A text or a number as text; null where the field is absent, blank or something else.</summary>
    public static string? Of(JsonElement row, string name)
    {
        if (!row.TryGetProperty(name, out var value))
        {
            return null;
        }

        var text = value.ValueKind switch
        {
            JsonValueKind.String => Decoded(value),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    // An escaped half of a surrogate pair is valid JSON and no text.
    private static string? Decoded(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
