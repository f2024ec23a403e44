using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Media;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Embedded;

/// <summary>The default engine: one process, per-stage workers that lease from the ledger and are woken by signals. It interprets the lifecycles'
/// effects and holds no rule of the pipeline. Needs the data directory's exclusive lock.</summary>
public sealed class EmbeddedEngine : IEngine
{
    private readonly ILedger _ledger;
    private readonly StageCatalog _stages;
    private readonly IMediaStore _media;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Func<string?> _blocked;
    private readonly JobKeeper _jobs;
    private readonly Board _board = new();
    private readonly EngineInstruments _instruments;
    private readonly EngineActivity _activity;
    private readonly string _owner;

    /// <param name="openSource">Opens a job's source.</param>
    /// <param name="finish">Runs when a job's work is settled: marks near-duplicates.</param>
    /// <param name="blocked">Why no work can be started now (a full disk), or null.</param>
    /// <param name="owner">Name of this engine on its leases; different for every process start.</param>
    public EmbeddedEngine(
        ILedger ledger,
        StageCatalog stages,
        IMediaStore media,
        Func<SourceSpec, IVideoSource> openSource,
        Func<JobRow, CancellationToken, Task> finish,
        Func<string?> blocked,
        EngineOptions options,
        string owner,
        TimeProvider time,
        ILogger<EmbeddedEngine> log)
    {
        var errors = options.Validate();
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        }

        (_ledger, _stages, _media, _options, _owner, _time, _log) = (ledger, stages, media, options, owner, time, log);
        _instruments = new EngineInstruments(() => ledger.Tallies);
        _activity = new EngineActivity(time);
        _blocked = () => ledger.Stalled ?? blocked();
        _jobs = new JobKeeper(ledger, _board, new SourceLister(ledger, openSource, _board.Note, _board.Of(StageId.Screen).Signal, WaitForRoomAsync, time, log), new JobEnding(ledger, finish, log));
    }

    public string Kind => "embedded";

    public IReadOnlyList<SiloStatus> Silos => [];

    public Delegate? Pages => null;

    public string? Blocked => _blocked();

    public string? Standstill => _board.Standstill is { } note && note.Until > _time.GetUtcNow() ? note.Reason : null;

    public EngineActivity Activity => _activity;

    public EngineOptions Options => _options;

    public Resource Needs(StageId stage) => _stages.Needs(stage);

    public Task<IReadOnlyList<RecentSecond>> RecentAsync(int seconds, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        return Task.FromResult(_board.Recent.Since(now - seconds + 1, now));
    }

    public async Task<IAsyncDisposable> HoldAsync(long job, CancellationToken cancellationToken)
    {
        var idle = _board.Hold(job);
        try
        {
            await idle.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _board.Release(job);
            throw;
        }

        return new Held(this, job);
    }

    public void Wake() => _jobs.Wake();

    public async Task RunAsync(bool untilIdle, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tasks = new List<Task>();
        try
        {
            await _ledger.ReclaimAsync([_owner]).WaitAsync(cancellationToken).ConfigureAwait(false);
            await _ledger.SettleVideosAsync(null).WaitAsync(cancellationToken).ConfigureAwait(false);
            tasks.AddRange(StartWorkers(stop.Token));
            tasks.Add(Task.Run(() => _jobs.RunAsync(untilIdle, stop.Token), CancellationToken.None));

            // A worker ends before it is stopped only by a surprise: that ends the engine, rather than leave a stage unserved.
            await (await Task.WhenAny(tasks).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await EndAsync(tasks).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync()
    {
        _instruments.Dispose();
        _board.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class Held(EmbeddedEngine engine, long job) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            // First the new options, then the work.
            try
            {
                await engine._board.ReadJobsAsync(engine._ledger).ConfigureAwait(false);
            }
            finally
            {
                engine._board.Release(job);
            }
        }
    }

    /// <summary>Waits for the work in flight, but not for room on a full disk: the leases of what cannot be written now are taken back at the next start.</summary>
    private async Task EndAsync(List<Task> tasks)
    {
        var all = Task.WhenAll(tasks.Select(IgnoreCancellation));
        while (await Task.WhenAny(all, Task.Delay(TimeSpan.FromSeconds(1), _time)).ConfigureAwait(false) != all)
        {
            if (_ledger.Stalled is not null)
            {
                return;
            }
        }

        await all.ConfigureAwait(false);
    }

    private async Task WaitForRoomAsync(long job, CancellationToken stop)
    {
        while (true)
        {
            var screened = _board.Of(StageId.Screen).Next;
            if (_ledger.Pending(job, StageId.Screen) < _options.ListedAhead)
            {
                return;
            }

            await screened.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    private static async Task IgnoreCancellation(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private List<Task> StartWorkers(CancellationToken stop)
    {
        var slots = Enum.GetValues<Resource>().ToDictionary(resource => resource, resource => new SemaphoreSlim(_options.Slots(resource)));
        var workers = new List<Task>();
        foreach (var stage in StageCalls.Of(_stages, _media, _options.Retry, _log).Values)
        {
            var runner = new StageRunner(stage, _ledger, _board, slots[stage.Needs], _blocked, _options, _owner, _time, _instruments, _activity, _log);
            for (var i = 0; i < _options.Slots(stage.Needs); i++)
            {
                workers.Add(Task.Run(() => runner.RunAsync(stop), stop));
            }
        }

        return workers;
    }
}
