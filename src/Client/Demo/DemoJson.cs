using System.Text.Json;
using System.Text.Json.Serialization;

namespace MedGenCluster.Client.Demo;

/// <summary>How the demo writes JSON: snake_case names, enums as names.</summary>
internal static class DemoJson
{
    /// <summary>One line per value.</summary>
    public static JsonSerializerOptions Line { get; } = Make(false);

    /// <summary>Indented, for people.</summary>
    public static JsonSerializerOptions Pretty { get; } = Make(true);

    private static JsonSerializerOptions Make(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = indented,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}
