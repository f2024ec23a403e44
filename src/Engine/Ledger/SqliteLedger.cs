using System.Text.Json;
using Dapper;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Clustering;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Ledger;

/// <summary>The ledger in one SQLite file (write-ahead log, synchronous FULL), or in memory for tests and benchmarks.</summary>
public sealed partial class SqliteLedger : ILedger
{
    private const string ItemColumns =
        "seq, id, kind, job, parent, outcome, stage, attempts, reason, score, facts, media_sha, media_length, media_path, duplicate_of";

    private readonly string? _readConnection;
    private readonly SqliteConnection _writer;
    private readonly TimeProvider _time;
    private readonly GroupCommitter _committer;
    private readonly TallyBook _tallies = new();
    private readonly LeaseReader _leases;
    private readonly ItemWriter _items;

    private SqliteLedger(SqliteConnection writer, string? readConnection, TimeProvider time, ILogger log)
    {
        (_writer, _readConnection, _time) = (writer, readConnection, time);
        _tallies.Load(writer);
        _leases = new LeaseReader(writer);
        _items = new ItemWriter(writer, _tallies, _leases.Forget);
        _committer = new GroupCommitter(writer, time, log, _items.WriteCounts, _items.Confirm, () =>
        {
            _items.Forget();
            _leases.ForgetAll();
        });
    }

    /// <summary>The writer's connection, for tests while the writer is at rest.</summary>
    internal SqliteConnection Writer => _writer;

    public long Revision => _committer.Revision;

    public string? Stalled => _committer.Stalled;

    public IReadOnlyList<Tally> Tallies => _tallies.All();

    /// <summary>Opens or creates a ledger.</summary>
    /// <param name="path">File, or null for a ledger in memory.</param>
    /// <exception cref="LedgerException">The file is not a ledger, is newer than this program, or cannot be written.</exception>
    public static SqliteLedger Open(string? path, TimeProvider time, ILogger log)
    {
        var builder = new SqliteConnectionStringBuilder { DataSource = path ?? ":memory:", Pooling = false, DefaultTimeout = 30 };
        var connection = new SqliteConnection(builder.ConnectionString);
        try
        {
            connection.Open();
            Migrations.Apply(connection);
            connection.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=4000;");
        }
        catch (LedgerException)
        {
            connection.Dispose();
            throw;
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw new LedgerException(
                $"The ledger {path} cannot be opened: {exception.Message} Check that the folder can be written and the file is a MedGenCluster ledger, or name another --data directory.",
                exception);
        }

        var read = path is null
            ? null
            : new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = 30 }.ConnectionString;
        return new SqliteLedger(connection, read, time, log);
    }

    public Task RefreshAsync() => _committer.RunAsync(_ =>
    {
        _tallies.Load(_writer);
        _leases.ForgetAll();
        return 0;
    });

    public long Pending(long job, StageId stage) => _tallies.Pending(job, stage);

    public Task<LeaseResult> LeaseAsync(StageId stage, IReadOnlyList<long> jobs, int max, string owner, TimeSpan lease) =>
        _committer.RunAsync(transaction =>
        {
            var now = Now();
            var leased = _leases.Lease(transaction, stage, jobs, max, owner, now, now + (long)lease.TotalMilliseconds);
            return new LeaseResult(leased, leased.Count > 0 ? null : _leases.NextDue(transaction, stage, jobs));
        });

    public Task RenewAsync(IReadOnlyList<long> items, string owner, TimeSpan lease) => _committer.RunAsync(transaction =>
        _items.Reschedule(transaction, items, owner, Now() + (long)lease.TotalMilliseconds, keepLease: true));

    public Task ReleaseAsync(IReadOnlyList<long> items, string owner, TimeSpan delay) => _committer.RunAsync(transaction =>
        _items.Reschedule(transaction, items, owner, delay == TimeSpan.Zero ? 0 : Now() + (long)delay.TotalMilliseconds, keepLease: false));

    public Task<LeaseResult> LeaseSliceAsync(long job, ShardSlots slots, ItemKind kind, int max, string owner, TimeSpan lease) =>
        _committer.RunAsync(transaction =>
        {
            var now = Now();
            var leased = _leases.LeaseSlice(transaction, job, slots, kind, max, owner, now, now + (long)lease.TotalMilliseconds);
            return new LeaseResult(leased, leased.Count > 0 ? null : _leases.NextDueOfSlice(transaction, job, slots, kind));
        });

    public Task<LeasedItem?> LoadAsync(long item) => _committer.RunAsync(transaction => _leases.Load(transaction, item));

    public Task<int> ReclaimAsync(IReadOnlyCollection<string> living) => _committer.RunAsync(transaction => _writer.Execute(
        "UPDATE item SET due_at = 0, lease_owner = NULL WHERE lease_owner IS NOT NULL AND lease_owner NOT IN @living", new { living }, transaction));

    public Task<CompletionReport> CompleteAsync(IReadOnlyList<Completion> completions, string owner, TimeSpan? keep = null) => _committer.RunAsync(transaction =>
    {
        var (settled, lost) = (new List<long>(), new List<long>());
        var now = Now();
        foreach (var completion in completions)
        {
            if (!_items.Complete(transaction, completion, owner, now, keep, out var video))
            {
                lost.Add(completion.Leased.Item.Seq);
            }
            else if (video is { } of)
            {
                settled.Add(of);
            }
        }

        return new CompletionReport(settled, lost);
    });

    public Task SettleVideosAsync(IReadOnlyList<long>? videos) => _committer.RunAsync(transaction =>
    {
        var due = _writer.Query<long>(
            // The terms of the index item_settled, word for word.
            "SELECT seq FROM item WHERE outcome = 1 AND kind = 1 AND open_children = 0" + (videos is null ? "" : " AND seq IN @videos"),
            new { videos }, transaction).ToList();
        foreach (var seq in due)
        {
            var item = _items.Load(transaction, seq)!;
            var transition = VideoLifecycle.Apply(item.State, new LifeEvent.ClipsSettled(), RetryPolicy.Default);
            _items.SetState(transaction, item, transition.State, 0);
        }

        return due.Count;
    });

    public Task RestateAsync(IReadOnlyList<Restatement> restatements) => _committer.RunAsync(transaction =>
    {
        foreach (var restatement in restatements)
        {
            _items.Restate(transaction, restatement, Now());
        }

        return 0;
    });

    public Task MarkDuplicatesAsync(IReadOnlyDictionary<long, (string Of, double Distance)> duplicates, double threshold) =>
        _committer.RunAsync(transaction => _items.MarkDuplicates(transaction, duplicates, threshold, Now()));

    public async ValueTask DisposeAsync()
    {
        await _committer.DisposeAsync().ConfigureAwait(false);
        _items.Dispose();
        _leases.Dispose();
        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Reads on a connection of its own beside the writer; a ledger in memory has only the writer's.</summary>
    private async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read)
    {
        if (_readConnection is null)
        {
            return await _committer.RunAsync(_ => read(_writer)).ConfigureAwait(false);
        }

        await using var connection = new SqliteConnection(_readConnection);
        await connection.OpenAsync().ConfigureAwait(false);
        return read(connection);
    }
}
