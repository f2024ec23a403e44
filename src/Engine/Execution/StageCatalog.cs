using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Engine.Execution;

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

    /// <summary>What a stage shares with others.</summary>
    public Resource Needs(StageId stage) => Video.TryGetValue(stage, out var video) ? video.Needs : Clip[stage].Needs;

    public Verdict Decide(StageId stage, IMeasurements measurements, CurationOptions options) =>
        Video.TryGetValue(stage, out var video) ? video.Decide(measurements, options) : Clip[stage].Decide(measurements, options);

    /// <summary>Stages whose queues hold back <paramref name="stage"/>. The pressure of one job runs along its own order alone: its last stage is never
    /// held back, so a full pipeline always drains, also beside a job of the other order.</summary>
    public static IReadOnlyList<StageId> Downstream(StageId stage, StageOrderKind order)
    {
        var clip = StageOrder.Clip(order);
        if (StageOrder.Video.Contains(stage))
        {
            // Videos wait for any later stage: a slow captioner slows the crawl at once.
            return [.. StageOrder.Video.Stages.SkipWhile(id => id != stage).Skip(1), .. clip.Stages];
        }

        return clip.After(stage) is { } next ? [next] : [];
    }
}
