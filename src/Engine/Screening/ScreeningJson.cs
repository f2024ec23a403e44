using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Engine.Screening.Results;
using MedGenCluster.Engine.Screening.Shards;

namespace MedGenCluster.Engine.Screening;

/// <summary>JSON of what a screening keeps for itself and of its report.</summary>
[JsonSerializable(typeof(ShardTally))]
[JsonSerializable(typeof(Checkpoint))]
[JsonSerializable(typeof(ScreeningReport))]
internal sealed partial class ScreeningJson : JsonSerializerContext
{
    private static readonly ScreeningJson Compact = new(Format(indented: false));

    private static readonly ScreeningJson Indented = new(Format(indented: true));

    /// <summary>One line, or an indented document; ended by a line feed.</summary>
    public static byte[] Write<T>(T value, bool indented = false) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(value, Type<T>(indented ? Indented : Compact)), (byte)'\n'];

    /// <exception cref="JsonException">It is not that value.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Type<T>(Compact)) ?? throw new JsonException("The value is null.");

    private static JsonSerializerOptions Format(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter<RowTrouble>() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
        NewLine = "\n",
    };

    private static JsonTypeInfo<T> Type<T>(ScreeningJson context) => (JsonTypeInfo<T>)context.GetTypeInfo(typeof(T))!;
}
