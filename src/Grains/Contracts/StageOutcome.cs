using System.Text.Json;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Grains.Contracts;

/// <summary>A <see cref="StageResult"/> between silos.</summary>
/// <param name="Kind">0 measured, 1 failed, 2 postponed. Numbers travel between versions: append only.</param>
[GenerateSerializer, Immutable, Alias("medgen.stage-outcome")]
public sealed record StageOutcome(
    [property: Id(0)] int Kind,
    [property: Id(1)] string? Reason = null,
    [property: Id(2)] bool Retryable = false,
    [property: Id(3)] TimeSpan After = default,
    [property: Id(4)] StageId Stage = default,
    [property: Id(5)] int StageVersion = 0,
    [property: Id(6)] string ModelVersion = "",
    [property: Id(7)] Dictionary<string, double>? Scores = null,
    [property: Id(8)] string? Data = null,
    [property: Id(9)] string? MediaSha = null,
    [property: Id(10)] long MediaLength = 0,
    [property: Id(11)] string? MediaPath = null,
    [property: Id(12)] string? Clips = null,
    [property: Id(13)] string? Metadata = null)
{
    public static StageOutcome Of(StageResult result) => result switch
    {
        StageResult.Measured m => new StageOutcome(
            0, Stage: m.Measurement.Stage, StageVersion: m.Measurement.StageVersion, ModelVersion: m.Measurement.ModelVersion, Scores: new Dictionary<string, double>(m.Measurement.Scores),
            Data: m.Measurement.Data, MediaSha: m.Media?.Sha256, MediaLength: m.Media?.Length ?? 0, MediaPath: m.MediaPath,
            Clips: m.Clips is null ? null : JsonSerializer.Serialize(m.Clips, EngineJson.Default.IReadOnlyListClipPlan),
            Metadata: m.Metadata is null ? null : JsonSerializer.Serialize(m.Metadata, EngineJson.Default.VideoMetadata)),
        StageResult.Failed f => new StageOutcome(1, f.Reason, f.Retryable),
        StageResult.Postponed p => new StageOutcome(2, p.Reason, After: p.After),
        _ => throw new ArgumentOutOfRangeException(nameof(result)),
    };

    public StageResult ToResult() => Kind switch
    {
        0 => new StageResult.Measured(
            new Measurement(Stage, StageVersion, ModelVersion, Scores ?? [], Data), MediaSha is null ? null : new MediaRef(MediaSha, MediaLength), MediaPath,
            Clips is null ? null : JsonSerializer.Deserialize(Clips, EngineJson.Default.IReadOnlyListClipPlan), Metadata is null ? null : EngineJson.Video(Metadata)),
        2 => new StageResult.Postponed(Reason!, After),
        _ => new StageResult.Failed(Reason ?? "A lane of another version answered something that this one does not know.", Retryable),
    };
}
