using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Media;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Execution;

/// <summary>Every stage of a catalog, ready to be called with leased items.</summary>
public static class StageCalls
{
    public static IReadOnlyDictionary<StageId, IStageCall> Of(StageCatalog stages, IMediaStore media, RetryPolicy retry, ILogger log)
    {
        var calls = new Dictionary<StageId, IStageCall>();
        foreach (var stage in stages.Video.Values)
        {
            calls[stage.Id] = new StageCall<VideoWork>(stage, (leased, options, _) => Task.FromResult(Video(leased, options)), retry, log);
        }

        foreach (var stage in stages.Clip.Values)
        {
            calls[stage.Id] = new StageCall<ClipWork>(stage, ClipAsync, retry, log);
        }

        return calls;

        async Task<ClipWork> ClipAsync(LeasedItem leased, CurationOptions options, CancellationToken cancellationToken)
        {
            var plan = EngineJson.Clip(leased.Item.Facts);
            var reference = leased.Item.Media;
            var path = reference is null ? null : await media.OpenLocalAsync(reference, cancellationToken).ConfigureAwait(false);
            return new ClipWork(new ClipId(leased.Item.Id), plan.Interval, plan.Transcript, Video(leased.Parent!, options), reference, path, leased.Measurements);
        }
    }

    private static VideoWork Video(LeasedItem leased, CurationOptions options) => new(
        new VideoId(leased.Item.Id), EngineJson.Video(leased.Item.Facts), leased.Item.MediaPath, leased.Measurements, options);
}
