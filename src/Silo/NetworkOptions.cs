using System.Text.Json.Serialization;
using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Network.Download;
using MedGenCluster.Curation.Sources.YouTube;

namespace MedGenCluster.Silo;

/// <summary>How this process uses networks. Nothing of it is stored with a job.</summary>
public sealed record NetworkOptions
{
    public UrlPolicyOptions Addresses { get; init; } = new();

    public HostBudgetOptions Network { get; init; } = new();

    public SourceCircuitOptions Circuit { get; init; } = new();

    public DownloadOptions Download { get; init; } = new();

    [JsonPropertyName("youtube")]
    public YouTubeOptions YouTube { get; init; } = new();

    /// <summary>One sentence for each value that cannot be used.</summary>
    public IReadOnlyList<string> Validate() => [.. Network.Validate(), .. Circuit.Validate(), .. Download.Validate(), .. YouTube.Validate()];
}

/// <summary>JSON of the host's options; its names are those that users write.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NetworkOptions))]
public sealed partial class HostJson : JsonSerializerContext;
