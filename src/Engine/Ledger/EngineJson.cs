using System.Text.Json;
using System.Text.Json.Serialization;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Generation;
using MedGenCluster.Engine.Training;

namespace MedGenCluster.Engine.Ledger;

/// <summary>JSON of the values that the ledger stores.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VideoMetadata))]
[JsonSerializable(typeof(ClipPlan))]
[JsonSerializable(typeof(IReadOnlyList<ClipPlan>))]
[JsonSerializable(typeof(CurationOptions))]
[JsonSerializable(typeof(SourceSpec))]
[JsonSerializable(typeof(Dictionary<string, double>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, double>))]
[JsonSerializable(typeof(long[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(GenerationSettings))]
[JsonSerializable(typeof(GenerationEssence))]
[JsonSerializable(typeof(GeneratedFacts))]
[JsonSerializable(typeof(TrainingSettings))]
public sealed partial class EngineJson : JsonSerializerContext
{
    public static VideoMetadata Video(string facts) => JsonSerializer.Deserialize(facts, Default.VideoMetadata)!;

    public static ClipPlan Clip(string facts) => JsonSerializer.Deserialize(facts, Default.ClipPlan)!;
}
