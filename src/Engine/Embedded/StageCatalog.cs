using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Engine.Embedded;

/// <summary>The stages that an engine can run.</summary>
public sealed class StageCatalog
{
    public StageCatalog(IEnumerable<IStage<VideoWork>> video, IEnumerable<IStage<ClipWork>> clip)
    {
        Video = video.ToDictionary(stage => stage.Id);
        Clip = clip.ToDictionary(stage => stage.Id);
        var missing = StageOrder.Video.Stages.Where(id => !Video.ContainsKey(id))
            .Concat(StageOrder.Clip(StageOrderKind.Paper).Stages.Where(id => !Clip.ContainsKey(id))).ToList();
        if (missing.Count > 0)
        {
            throw new ArgumentException("There is no implementation of " + string.Join(", ", missing.Select(id => id.Name())) + ".");
        }
    }

    public IReadOnlyDictionary<StageId, IStage<VideoWork>> Video { get; }

    public IReadOnlyDictionary<StageId, IStage<ClipWork>> Clip { get; }

    public Verdict Decide(StageId stage, IMeasurements measurements, CurationOptions options) =>
        Video.TryGetValue(stage, out var video) ? video.Decide(measurements, options) : Clip[stage].Decide(measurements, options);

    /// <summary>Stages that come later than <paramref name="stage"/> for any order, for back-pressure.</summary>
    public static IReadOnlyList<StageId> Downstream(StageId stage)
    {
        var orders = new[] { StageOrder.Clip(StageOrderKind.Paper), StageOrder.Clip(StageOrderKind.FilterFirst) };
        if (StageOrder.Video.Contains(stage))
        {
            var own = StageOrder.Video.Stages.SkipWhile(id => id != stage).Skip(1);
            return [.. own, .. orders[0].Stages];
        }

        // A clip stage waits for the next one alone: in two orders "later" is not one notion, and the chain passes the pressure on.
        return [.. orders.Select(order => order.After(stage)).OfType<StageId>().Distinct()];
    }
}
