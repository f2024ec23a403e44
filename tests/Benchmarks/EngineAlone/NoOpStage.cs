using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Benchmarks.EngineAlone;

/// <summary>A stage that measures one number and passes: what remains is the engine.</summary>
internal sealed class NoOpStage<TWork>(StageId id, int batch) : IStage<TWork>
{
    private static readonly Dictionary<string, double> Scores = new() { ["score"] = 1 };

    public StageId Id => id;

    public int Version => 1;

    public string ModelVersion => "none@0";

    public Resource Needs => Resource.Cpu;

    public int BatchSize => batch;

    public Task<IReadOnlyList<StageResult>> RunAsync(IReadOnlyList<TWork> items, CancellationToken cancellationToken)
    {
        var results = new StageResult[items.Count];
        for (var i = 0; i < results.Length; i++)
        {
            IReadOnlyList<ClipPlan>? clips = null;
            if (id == StageId.Segment)
            {
                clips = [.. Enumerable.Range(0, 10).Select(k => new ClipPlan(ClipInterval.FromSeconds(k * 8, (k + 1) * 8), "words said in the clip"))];
            }

            results[i] = new StageResult.Measured(new Measurement(id, 1, ModelVersion, Scores), Clips: clips);
        }

        return Task.FromResult<IReadOnlyList<StageResult>>(results);
    }

    public Verdict Decide(IMeasurements measurements, CurationOptions options) => Verdict.Pass(1, 0);
}

/// <summary>Videos without media.</summary>
internal sealed class CountingSource(int videos) : IVideoSource
{
    public async IAsyncEnumerable<SourceItem> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        for (var i = 0; i < videos; i++)
        {
            yield return new SourceItem.Found(new VideoMetadata
            {
                SourceKind = "count", SourceKey = i.ToString(), Location = "/nowhere", Title = "A video of the benchmark", Description = "Nothing is decoded.",
            });
        }
    }
}
