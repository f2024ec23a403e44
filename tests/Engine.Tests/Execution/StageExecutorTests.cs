using System.Collections.Concurrent;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Execution;

public sealed class StageExecutorTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly GatedCall _caption = new(StageId.Caption, batch: 3);
    private readonly GatedCall _aesthetics = new(StageId.Aesthetics, batch: 1);
    private string? _blocked;

    [Fact]
    public async Task Items_that_wait_for_one_stage_go_together_up_to_its_batch_the_longest_waiting_stage_first()
    {
        await using var executor = Executor();
        var first = Run(executor, _caption, 1);
        await _caption.BeganAsync();
        Task[] rest = [Run(executor, _caption, 2), Run(executor, _aesthetics, 10), .. Enumerable.Range(3, 3).Select(item => Run(executor, _caption, item))];
        Assert.Equal(4, executor.Waiting(StageId.Caption));

        _caption.Open();
        _aesthetics.Open();
        await Task.WhenAll([first, .. rest]).Soon();

        Assert.Equal([[1], [2, 3, 4], [5]], _caption.Batches);
        Assert.Equal([[10]], _aesthetics.Batches);
    }

    [Fact]
    public async Task No_more_run_at_once_than_there_are_slots()
    {
        await using var executor = Executor(slots: 2);
        var tasks = Enumerable.Range(1, 6).Select(item => Run(executor, _aesthetics, item)).ToList();
        await _aesthetics.BeganAsync(2);

        Assert.Equal(4, executor.Waiting(StageId.Aesthetics));
        _aesthetics.Open();
        await Task.WhenAll(tasks).Soon();

        Assert.Equal(2, _aesthetics.MostAtOnce);
    }

    [Fact]
    public async Task An_item_that_is_called_off_while_it_waits_is_not_run()
    {
        await using var executor = Executor();
        using var off = new CancellationTokenSource();
        var first = Run(executor, _caption, 1);
        await _caption.BeganAsync();
        var second = Run(executor, _caption, 2, off.Token);
        var third = Run(executor, _caption, 3);

        await off.CancelAsync();
        _caption.Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.Soon());
        await Task.WhenAll(first, third).Soon();
        Assert.Equal([[1], [3]], _caption.Batches);
    }

    [Fact]
    public async Task A_batch_is_called_off_when_the_last_of_its_items_is()
    {
        await using var executor = Executor();
        using var one = new CancellationTokenSource();
        using var two = new CancellationTokenSource();
        var before = Run(executor, _caption, 1);
        await _caption.BeganAsync();
        Task[] batch = [Run(executor, _caption, 2, one.Token), Run(executor, _caption, 3, two.Token)];
        _caption.OpenOnce();
        await before.Soon();
        await _caption.BeganAsync();

        await one.CancelAsync();
        Assert.DoesNotContain(batch, task => task.IsCompleted);
        await two.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batch[0].Soon());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batch[1].Soon());
        _caption.Open();
        await Run(executor, _caption, 4).Soon();
    }

    [Fact]
    public async Task A_drain_gives_back_what_waits_ends_what_runs_and_takes_nothing_more()
    {
        await using var executor = Executor();
        var runs = Run(executor, _caption, 1);
        await _caption.BeganAsync();
        var waits = Run(executor, _caption, 2);

        var drained = executor.DrainAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits.Soon());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(executor, _caption, 3).Soon());
        Assert.False(drained.IsCompleted);

        _caption.Open();
        await drained.Soon();
        Assert.IsType<StageResult.Failed>((await runs.Soon()).Result);
    }

    [Fact]
    public async Task The_end_calls_off_what_runs()
    {
        var executor = Executor();
        var runs = Run(executor, _caption, 1);
        await _caption.BeganAsync();

        await executor.DisposeAsync().AsTask().Soon();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runs.Soon());
    }

    [Fact]
    public async Task Nothing_begins_while_work_is_blocked()
    {
        _blocked = "the disk is full";
        await using var executor = Executor();
        _caption.Open();
        var task = Run(executor, _caption, 1);
        await _time.WhenWaitingAsync(_ => true);
        Assert.Empty(_caption.Batches);

        _blocked = null;
        await _time.AdvanceUntilAsync(task);
        Assert.Equal([[1]], _caption.Batches);
    }

    public void Dispose()
    {
        _caption.Dispose();
        _aesthetics.Dispose();
    }

    private StageExecutor Executor(int slots = 1) => new(
        new Dictionary<StageId, IStageCall> { [StageId.Caption] = _caption, [StageId.Aesthetics] = _aesthetics }, _ => slots, () => Volatile.Read(ref _blocked), new EngineActivity(_time), _time);

    private static Task<ExecutedStage> Run(StageExecutor executor, GatedCall call, long item, CancellationToken cancellationToken = default) => executor.RunAsync(
        call.Id, new LeasedItem(new LedgerItem(item, $"{item}", ItemKind.Clip, 1, null, LifeState.At(call.Id), "", null, null, null), StoredMeasurements.None, null), new CurationOptions(), cancellationToken);

    /// <summary>A stage that comes to its end when it is let.</summary>
    private sealed class GatedCall(StageId id, int batch) : IStageCall, IDisposable
    {
        private readonly SemaphoreSlim _began = new(0);
        private readonly SemaphoreSlim _gate = new(0);
        private readonly ConcurrentQueue<long[]> _batches = new();
        private int _now;

        public StageId Id => id;

        public Resource Needs => Resource.Gpu;

        public int BatchSize => batch;

        public long[][] Batches => [.. _batches];

        public int MostAtOnce { get; private set; }

        public void Open() => _gate.Release(1000);

        public void OpenOnce() => _gate.Release();

        public async Task BeganAsync(int times = 1)
        {
            for (var i = 0; i < times; i++)
            {
                Assert.True(await _began.WaitAsync(Patience.Limit));
            }
        }

        public async Task<IReadOnlyList<StageResult>> MeasureAsync(IReadOnlyList<LeasedItem> items, Func<LeasedItem, CurationOptions> options, CancellationToken cancellationToken)
        {
            _batches.Enqueue([.. items.Select(item => item.Item.Seq)]);
            lock (_gate)
            {
                MostAtOnce = Math.Max(MostAtOnce, ++_now);
            }

            _began.Release();
            try
            {
                await _gate.WaitAsync(cancellationToken);
            }
            finally
            {
                lock (_gate)
                {
                    _now--;
                }
            }

            return [.. items.Select(_ => new StageResult.Failed("ended", false))];
        }

        public void Dispose()
        {
            _began.Dispose();
            _gate.Dispose();
        }

        public Completion Interpret(LeasedItem item, StageResult result, CurationOptions options) => throw new NotSupportedException();
    }
}
