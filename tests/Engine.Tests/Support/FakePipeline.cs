using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Embedded;
using MedGenCluster.Engine.Execution;

namespace MedGenCluster.Engine.Tests.Support;

/// <summary>What a fake stage is asked.</summary>
/// <param name="Normal">The answer when nothing else is wanted: everything measured.</param>
internal sealed record StageCall(StageId Stage, IReadOnlyList<string> Ids, Func<IReadOnlyList<StageResult>> Normal, CancellationToken Stop);

/// <summary>Stages that decode nothing: every item has a score for each stage, and passes where it reaches the threshold.</summary>
internal sealed class FakePipeline
{
    /// <summary>Every run of an item at a stage, in order.</summary>
    public ConcurrentQueue<(StageId Stage, string Id)> Runs { get; } = [];

    public Func<StageId, int> BatchSize { get; set; } = _ => 8;

    public Func<StageId, string, double> Score { get; set; } = (_, _) => 1;

    public Func<StageId, CurationOptions, double> Threshold { get; set; } = (_, _) => 0;

    public Func<string, CurationOptions, IReadOnlyList<ClipPlan>> Plan { get; set; } = (_, _) => [.. Enumerable.Range(0, 3).Select(LedgerBench.Clip)];

    /// <summary>Models of a stage; may throw, as those that cannot be loaded do.</summary>
    public Func<StageId, string> ModelVersion { get; set; } = _ => "fake@1";

    /// <summary>Stages that do not answer normally.</summary>
    public ConcurrentDictionary<StageId, Func<StageCall, Task<IReadOnlyList<StageResult>>>> Behaviours { get; } = [];

    /// <summary>Called before a decision; may throw.</summary>
    public Action<StageId, IMeasurements> Deciding { get; set; } = (_, _) => { };

    public StageCatalog Catalog() => new(
        StageOrder.Video.Stages.Select(stage => new FakeStage<VideoWork>(this, stage, work => work.Id.Value, work => work.Options)),
        StageOrder.Clip(StageOrderKind.Paper).Stages.Select(stage => new FakeStage<ClipWork>(this, stage, work => work.Id.Value, work => work.Options)));

    /// <summary>A number of [0, 1) that belongs to the words.</summary>
    public static double Unit(params object[] words) =>
        BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', words)))) / (uint.MaxValue + 1.0);

    /// <summary>How an item ends by its scores: the first stage of the order that it does not reach.</summary>
    public StageId? RejectedBy(IEnumerable<StageId> order, string id, CurationOptions options) =>
        order.Where(stage => Score(stage, id) < Threshold(stage, options)).Select(stage => (StageId?)stage).FirstOrDefault();

    private sealed class FakeStage<TWork>(FakePipeline pipeline, StageId id, Func<TWork, string> name, Func<TWork, CurationOptions> options) : IStage<TWork>
    {
        public StageId Id => id;

        public int Version => 1;

        public string ModelVersion => pipeline.ModelVersion(id);

        public Resource Needs => id == StageId.Caption ? Resource.Api : Resource.Cpu;

        public int BatchSize => pipeline.BatchSize(id);

        public Task<IReadOnlyList<StageResult>> RunAsync(IReadOnlyList<TWork> batch, CancellationToken cancellationToken)
        {
            foreach (var work in batch)
            {
                pipeline.Runs.Enqueue((id, name(work)));
            }

            var call = new StageCall(id, [.. batch.Select(name)], () => [.. batch.Select(Measure)], cancellationToken);
            return pipeline.Behaviours.TryGetValue(id, out var behaviour) ? behaviour(call) : Task.FromResult(call.Normal());
        }

        public Verdict Decide(IMeasurements measurements, CurationOptions options)
        {
            pipeline.Deciding(id, measurements);
            var score = measurements[id]!.Scores["score"];
            var threshold = pipeline.Threshold(id, options);
            return score >= threshold ? Verdict.Pass(score, threshold) : Verdict.Reject(id.Name() + "-below-minimum", score, threshold);
        }

        private StageResult Measure(TWork work) => new StageResult.Measured(
            new Measurement(id, 1, "fake@1", new Dictionary<string, double> { ["score"] = pipeline.Score(id, name(work)) }),
            Clips: id == StageId.Segment ? pipeline.Plan(name(work), options(work)) : null);
    }
}
