using MedGenCluster.Curation.Domain;
using MedGenCluster.GpuWorkers.Packs;

namespace MedGenCluster.Silo;

/// <summary>GPU memory that the models of a stage need: twice their files, for weights and what a batch takes. It is what placement goes by, not a limit.</summary>
public sealed class StageMemory(ModelPack pack)
{
    /// <summary>The models of each stage that has some, by role.</summary>
    public static readonly IReadOnlyDictionary<StageId, IReadOnlyList<string>> Roles = new Dictionary<StageId, IReadOnlyList<string>>
    {
        [StageId.Segment] = ["clip-vision", "frame-classifier"],
        [StageId.Aesthetics] = ["clip-vision", "aesthetic"],
        [StageId.TechnicalQuality] = ["dover-technical", "dover-aesthetic"],
    };

    /// <summary>Bytes; 0 for a stage without models, and for files whose size the pack does not tell.</summary>
    public long Of(StageId stage) => Roles.TryGetValue(stage, out var roles) ? 2 * roles.Sum(role => pack.Roles.TryGetValue(role, out var entry) ? entry.File.Bytes : 0) : 0;
}
