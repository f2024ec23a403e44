using System.Collections.Concurrent;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Grains.Lanes;
using MedGenCluster.Grains.Throughput;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Grains.Running;

/// <summary>What the grains of a silo share: the ledger, the stages with their slots, and what they tell of their work. One reference for each grain.</summary>
internal sealed class SiloWork : IAsyncDisposable
{
    private static readonly TimeSpan RunsLook = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _notes = new();
    private long _number;

    public SiloWork(ClusterParts parts, string owner, LaneRouter router)
    {
        (Parts, Owner, Router) = (parts, owner, router);
        Calls = StageCalls.Of(parts.Stages, parts.Media, parts.Options.Retry, parts.Logs.CreateLogger<StageExecutor>());
        Activity = new EngineActivity(parts.Time);
        Executor = new StageExecutor(Calls, parts.Options.Slots, () => Blocked, Activity, parts.Time);
        Jobs = new JobBook(parts.Ledger);
        Instruments = new EngineInstruments(() => parts.Ledger.Tallies);
    }

    public ClusterParts Parts { get; }

    /// <summary>Owner of this silo's leases: its address with the moment of its start.</summary>
    public string Owner { get; }

    public LaneRouter Router { get; }

    public IReadOnlyDictionary<StageId, IStageCall> Calls { get; }

    public StageExecutor Executor { get; }

    public EngineActivity Activity { get; }

    public EngineInstruments Instruments { get; }

    public JobBook Jobs { get; }

    public LeaseBook Leases { get; } = new();

    /// <summary>Operations that grains of this silo work on.</summary>
    public ConcurrentDictionary<(long Item, long Number), bool> Runs { get; } = new();

    public ThroughputFeed Throughput { get; } = new();

    public ILedger Ledger => Parts.Ledger;

    /// <summary>Why no work can be started here, or null.</summary>
    public string? Blocked => Ledger.Stalled ?? Parts.Blocked();

    /// <summary>Cancelled when the silo takes nothing more: what runs goes on to the end of its stage.</summary>
    public CancellationToken Draining => _draining.Token;

    /// <summary>Cancelled when what runs is called off.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Why some items wait although nothing is wrong with them, or null.</summary>
    public string? Standstill
    {
        get
        {
            var now = Parts.Time.GetUtcNow();
            foreach (var (reason, until) in _notes)
            {
                if (until < now)
                {
                    _notes.TryRemove(reason, out _);
                }
            }

            return Router.Standstill ?? _notes.Keys.Order(StringComparer.Ordinal).FirstOrDefault();
        }
    }

    public void Note(string reason, DateTimeOffset until) => _notes[reason] = until;

    /// <summary>A number for an operation, unique for <see cref="Owner"/>.</summary>
    public long NextNumber() => Interlocked.Increment(ref _number);

    public void Finished(StageId stage, Completion completion, long now)
    {
        Throughput.Add(now, stage, completion.Decision.Verdict, completion.Seconds);
        Instruments.Finished(stage, [completion], TimeSpan.FromSeconds(completion.Seconds));
    }

    /// <summary>Takes nothing more; what waits is given back, what runs, here or on a lane of another silo, has until the limit.</summary>
    public async Task DrainAsync(TimeSpan limit)
    {
        await _draining.CancelAsync().ConfigureAwait(false);
        using var late = new CancellationTokenSource(limit, Parts.Time);
        await Task.WhenAll(Executor.DrainAsync(), RunsEndedAsync(late.Token)).WaitAsync(late.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopping.CancelAsync().ConfigureAwait(false);
    }

    private async Task RunsEndedAsync(CancellationToken late)
    {
        using var timer = new PeriodicTimer(RunsLook, Parts.Time);
        while (!Runs.IsEmpty && await timer.WaitForNextTickAsync(late).ConfigureAwait(false))
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _draining.CancelAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Executor.DisposeAsync().ConfigureAwait(false);
        Instruments.Dispose();
        _draining.Dispose();
        _stopping.Dispose();
    }
}
