using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Embedded;
using MedGenCluster.Engine.Execution;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Silo.Tests.Support;

/// <summary>An engine over stages that decode nothing: what a stage takes on stays in flight until the gate opens, and goes back unworked.</summary>
internal sealed class GatedEngine : IAsyncDisposable
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _busy = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private EmbeddedEngine _engine = null!;
    private Task _work = Task.CompletedTask;

    /// <summary>Something is in flight.</summary>
    public Task Busy => _busy.Task.WaitAsync(TimeSpan.FromMinutes(1));

    public void Open() => _gate.TrySetResult();

    public EmbeddedEngine Create(CurationHost host)
    {
        var stages = new StageCatalog(
            StageOrder.Video.Stages.Select(stage => new GatedStage<VideoWork>(this, stage)), StageOrder.Clip(StageOrderKind.Paper).Stages.Select(stage => new GatedStage<ClipWork>(this, stage)));
        _engine = new EmbeddedEngine(
            host.Ledger, stages, host.Media, _ => new NoSource(), (_, _) => Task.CompletedTask, () => null, new EngineOptions(), "gated", TimeProvider.System, NullLogger<EmbeddedEngine>.Instance);
        return _engine;
    }

    public void Run() => _work = Task.Run(() => _engine.RunAsync(untilIdle: false, _stop.Token));

    public async ValueTask DisposeAsync()
    {
        Open();
        await _stop.CancelAsync();
        await _work;
        await _engine.DisposeAsync();
        _stop.Dispose();
    }

    private sealed class NoSource : IVideoSource
    {
        public async IAsyncEnumerable<SourceItem> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            yield break;
        }
    }

    private sealed class GatedStage<TWork>(GatedEngine engine, StageId id) : IStage<TWork>
    {
        public StageId Id => id;

        public int Version => 1;

        public string ModelVersion => "";

        public Resource Needs => id is StageId.TechnicalQuality or StageId.Aesthetics ? Resource.Gpu : Resource.Cpu;

        public int BatchSize => 1;

        public async Task<IReadOnlyList<StageResult>> RunAsync(IReadOnlyList<TWork> batch, CancellationToken cancellationToken)
        {
            engine._busy.TrySetResult();
            await engine._gate.Task.WaitAsync(cancellationToken);
            return [.. batch.Select(_ => new StageResult.Postponed("the gate is open", TimeSpan.FromHours(1)))];
        }

        public Verdict Decide(IMeasurements measurements, CurationOptions options) => Verdict.Pass();
    }
}
