using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Curation.Lifecycle;

/// <summary>The stages that an entity goes through, first to last.</summary>
public sealed class StageOrder
{
    /// <summary>Stages of a video.</summary>
    public static readonly StageOrder Video = new([StageId.Screen, StageId.Fetch, StageId.Probe, StageId.Segment]);

    private static readonly StageOrder Paper = new(
        [StageId.Cut, StageId.Caption, StageId.Borders, StageId.Subtitles, StageId.Aesthetics, StageId.TechnicalQuality, StageId.Joint]);

    private static readonly StageOrder FilterFirst = new(
        [StageId.Cut, StageId.Borders, StageId.Subtitles, StageId.Aesthetics, StageId.TechnicalQuality, StageId.Joint, StageId.Caption]);

    private readonly StageId[] _stages;

    private StageOrder(StageId[] stages) => _stages = stages;

    public IReadOnlyList<StageId> Stages => _stages;

    public StageId First => _stages[0];

    /// <summary>Stages of a clip in the order that the job asks for.</summary>
    public static StageOrder Clip(StageOrderKind kind) => kind == StageOrderKind.FilterFirst ? FilterFirst : Paper;

    /// <summary>The stage after <paramref name="stage"/>, or null after the last.</summary>
    public StageId? After(StageId stage)
    {
        var at = Array.IndexOf(_stages, stage);
        return at >= 0 && at + 1 < _stages.Length ? _stages[at + 1] : null;
    }

    public bool Contains(StageId stage) => Array.IndexOf(_stages, stage) >= 0;
}
