using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Curation.Stages;

/// <summary>Structured data of measurements as JSON.</summary>
public static class StageData
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write<T>(T data) => JsonSerializer.Serialize(data, Json);

    public static T Read<T>(string data) => JsonSerializer.Deserialize<T>(data, Json)!;

    /// <summary>The data of a measurement; null where there is none.</summary>
    public static T? Read<T>(Measurement? measurement)
        where T : class =>
        measurement?.Data is { } data ? JsonSerializer.Deserialize<T>(data, Json) : null;
}
