using System.Text.Json;
using System.Text.Json.Serialization;

namespace MedGenCluster.Curation.Tests.Support;

/// <summary>The reference values of tests/goldens, copied beside the test assembly.</summary>
public static class Goldens
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    public static string PathOf(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "goldens", .. parts]);

    public static T Json<T>(params string[] parts) => JsonSerializer.Deserialize<T>(File.ReadAllText(PathOf(parts)), Options)!;
}
