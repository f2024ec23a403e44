using System.Data.Common;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Generation;
using MedGenCluster.Engine.Training;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Ledger;

/// <summary>The ledger in an SQL database: what holds whichever database it is.</summary>
public abstract partial class SqlLedger : ILedger, IGenerationLedger, ITrainingLedger
{
    private const int ListingTurn = 1;
    private const int DuplicatesTurn = 2;

    private readonly LedgerSession _session;
    private readonly TimeProvider _time;
    private readonly GroupCommitter _committer;
    private readonly TallyBook _tallies;
    private readonly LeaseReader _leases;
    private readonly ItemWriter _items;
    private readonly Joint<CompletionBatch, CompletionReport> _completing;
    private readonly Joint<long, LeasedItem?> _loading;

    private protected SqlLedger(LedgerSession session, TimeProvider time, ILogger log)
    {
        (_session, _time) = (session, time);
        _tallies = new TallyBook(session);
        _tallies.Load();
        _leases = new LeaseReader(session);
        _items = new ItemWriter(session, _tallies, _leases.Forget);
        _completing = new Joint<CompletionBatch, CompletionReport>(_items.Complete);
        _loading = new Joint<long, LeasedItem?>((items, _) => _leases.Load(items), quiet: true);
        _committer = new GroupCommitter(session, time, log, _items.WriteCounts, _items.Confirm, () =>
        {
            _items.Forget();
            _leases.ForgetAll();
        });
    }

    public virtual long Revision => _committer.Revision;

    public virtual string? Stalled => _committer.Stalled;

    public IReadOnlyList<Tally> Tallies => _tallies.All();

    public Task RefreshAsync() => RunAsync(
        _ =>
        {
            Reload();
            return 0;
        },
        quiet: true);

    public long Pending(long job, StageId stage) => _tallies.Pending(job, stage);

    public Task<LeaseResult> LeaseAsync(StageId stage, IReadOnlyList<long> jobs, int max, string owner, TimeSpan lease) => RunAsync(now =>
    {
        var leased = _leases.Lease(stage, jobs, max, owner, now, now + (long)lease.TotalMilliseconds);
        return new LeaseResult(leased, leased.Count > 0 ? null : InCallersTime(_leases.NextDue(stage, jobs), now));
    });

    public Task RenewAsync(IReadOnlyList<long> items, string owner, TimeSpan lease) =>
        RunAsync(now => _items.Reschedule(items, owner, now + (long)lease.TotalMilliseconds, keepLease: true), alone: true);

    public Task ReleaseAsync(IReadOnlyList<long> items, string owner, TimeSpan delay) =>
        RunAsync(now => _items.Reschedule(items, owner, delay == TimeSpan.Zero ? 0 : now + (long)delay.TotalMilliseconds, keepLease: false), alone: true);

    public Task<LeaseResult> LeaseSliceAsync(long job, ShardSlots slots, ItemKind kind, int max, string owner, TimeSpan lease) => RunAsync(now =>
    {
        var leased = _leases.LeaseSlice(job, slots, kind, max, owner, now, now + (long)lease.TotalMilliseconds);
        return new LeaseResult(leased, leased.Count > 0 ? null : InCallersTime(_leases.NextDueOfSlice(job, slots, kind), now));
    });

    public Task<LeasedItem?> LoadAsync(long item) => _committer.RunAsync(_loading, item);

    public Task<int> ReclaimAsync(IReadOnlyCollection<string> living) => RunAsync(now => _items.Reclaim(living, now), alone: true);

    public Task<CompletionReport> CompleteAsync(IReadOnlyList<Completion> completions, string owner, TimeSpan? keep = null) =>
        _committer.RunAsync(_completing, new CompletionBatch(completions, owner, keep));

    public Task SettleVideosAsync(IReadOnlyList<long>? videos) => RunAsync(_ => _items.Settle(videos), alone: true);

    public Task RestateAsync(IReadOnlyList<Restatement> restatements) => RunAsync(
        now =>
        {
            _items.Restate(restatements, now);
            return 0;
        },
        alone: true);

    public Task MarkDuplicatesAsync(IReadOnlyDictionary<long, (string Of, double Distance)> duplicates, double threshold) => RunAsync(
        now =>
        {
            TakeTurn(DuplicatesTurn);
            return _items.MarkDuplicates(duplicates, threshold, now);
        },
        alone: true);

    public async ValueTask DisposeAsync()
    {
        Closing();
        await _committer.DisposeAsync().ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
        _session.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Task<T> RunAsync<T>(Func<long, T> work, bool alone = false, bool quiet = false) => _committer.RunAsync(work, alone, quiet);

    /// <summary>Forgets what is kept in memory and reads the tallies, in the writer's transaction.</summary>
    private protected virtual void Reload()
    {
        _tallies.Load();
        _leases.ForgetAll();
    }

    /// <summary>Runs a reading beside the writer. It may run more than once.</summary>
    private protected abstract Task<T> ReadAsync<T>(Func<DbConnection, T> read);

    /// <summary>One view for several readings, until it is disposed; null where the connection has one already or needs none.</summary>
    private protected abstract IDisposable? Snapshot(DbConnection connection);

    /// <summary>Begins nothing more beside the writer.</summary>
    private protected virtual void Closing()
    {
    }

    /// <summary>Ends what runs beside the writer. The writer has ended: what waited for it, and for a database that is away, waits no more.</summary>
    private protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    private T Read<T>(Func<DbConnection, T> read) => ReadAsync(read).GetAwaiter().GetResult();

    /// <summary>When something is due by the clock of the process that asks, which may differ from the ledger's.</summary>
    private DateTimeOffset? InCallersTime(long? due, long now) => due is { } at ? _time.GetUtcNow().AddMilliseconds(at - now) : null;

    private void TakeTurn(int kind)
    {
        if (_session.Dialect.TakeTurn is { } sql)
        {
            _session.Prepare(sql, "i").Execute((long)kind);
        }
    }
}
