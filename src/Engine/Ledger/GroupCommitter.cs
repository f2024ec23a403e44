using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Ledger;

/// <summary>A ledger's only writer in this process: one thread that gathers the waiting operations into one transaction, so that many results share
/// one synchronisation to disk. An operation is acknowledged after the commit. While the disk is full or the database is away the writer waits: what
/// is queued stays queued (bounded), and nothing is lost, half-written or written twice.</summary>
internal sealed partial class GroupCommitter : IAsyncDisposable
{
    private const int MaxOperationsPerCommit = 256;
    private const int MaxConflicts = 20;
    private static readonly TimeSpan RoomDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LostDelay = TimeSpan.FromMilliseconds(250);

    private readonly Channel<Operation> _queue = Channel.CreateBounded<Operation>(new BoundedChannelOptions(1024) { SingleReader = true });
    private readonly LedgerSession _session;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private readonly Action _committing;
    private readonly Action _committed;
    private readonly Action _rolledBack;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private volatile string? _stalled;
    private int _disposed;
    private long _revision;

    /// <param name="committing">Called at the end of every transaction, inside it.</param>
    /// <param name="committed">Called on the writer's thread after every commit, before operations are acknowledged.</param>
    /// <param name="rolledBack">Called after a rollback, before the operations run again.</param>
    public GroupCommitter(LedgerSession session, TimeProvider time, ILogger log, Action committing, Action committed, Action rolledBack)
    {
        (_session, _time, _log, _committing, _committed, _rolledBack) = (session, time, log, committing, committed, rolledBack);
        _thread = new Thread(Loop) { IsBackground = true, Name = "ledger-writer" };
        _thread.Start();
    }

    /// <summary>Moves with every transaction that may have written.</summary>
    public long Revision => Volatile.Read(ref _revision);

    /// <summary>What keeps the writer waiting, in words; null while it works.</summary>
    public string? Stalled => _stalled;

    /// <summary>Runs <paramref name="work"/> inside the next transaction and completes after its commit.</summary>
    /// <param name="work">Given the ledger's clock, Unix milliseconds. It may run more than once; only the last run counts.</param>
    /// <param name="alone">It locks rows that exist, and waits for them: where others write too it has a transaction of its own, so that all lock in the same order,
    /// whatever was asked for before it.</param>
    /// <param name="quiet">It only reads: <see cref="Revision"/> stays.</param>
    public Task<T> RunAsync<T>(Func<long, T> work, bool alone = false, bool quiet = false) => EnqueueAsync(new Operation<T>(work, alone && !_session.Dialect.WritesAlone, quiet));

    /// <summary>Does what is asked together with everything of its kind that waits.</summary>
    public Task<TResult> RunAsync<TItem, TResult>(Joint<TItem, TResult> joint, TItem item) => EnqueueAsync(new JointOperation<TItem, TResult>(joint, item));

    /// <summary>Writes what is queued; on a full disk or without the database that fails instead of waiting.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        _queue.Writer.TryComplete();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.Run(_thread.Join).ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task<T> EnqueueAsync<T>(Operation<T> operation)
    {
        await _queue.Writer.WriteAsync(operation).ConfigureAwait(false);
        return await operation.Completion.ConfigureAwait(false);
    }

    private void Loop()
    {
        var batch = new List<Operation>(MaxOperationsPerCommit);
        var alone = new List<Operation>();
        while (WaitForWork())
        {
            batch.Clear();
            alone.Clear();
            while (batch.Count + alone.Count < MaxOperationsPerCommit && _queue.Reader.TryRead(out var operation))
            {
                (operation.Alone ? alone : batch).Add(operation);
            }

            Commit(batch);
            foreach (var operation in alone)
            {
                Commit([operation]);
            }
        }
    }

    private bool WaitForWork()
    {
        var waiting = _queue.Reader.WaitToReadAsync();
        return waiting.IsCompletedSuccessfully ? waiting.Result : waiting.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Commits what can be committed, together or one by one, and answers every operation.</summary>
    private void Commit(List<Operation> batch)
    {
        var conflicts = 0;
        while (batch.Count > 0 && !TryCommit(batch, out var failure))
        {
            if (failure is CommitUnknownException unknown)
            {
                // Running them again could do them twice.
                var unanswered = new LedgerException("The ledger did not say whether it stored the last results; they are stored or will be worked out again.", unknown);
                batch.ForEach(operation => operation.Fail(unanswered));
                return;
            }

            var stopping = _stopping.IsCancellationRequested;
            switch (_session.Judge(failure!))
            {
                case LedgerFailure.Conflict when conflicts++ < MaxConflicts:
                    continue;
                case LedgerFailure.Lost when !stopping:
                    Wait(failure!, LostDelay);
                    continue;
                case LedgerFailure.NoRoom when !stopping:
                    Wait(failure!, RoomDelay);
                    if (batch.Count == 1)
                    {
                        continue;
                    }

                    break;
                case LedgerFailure.Lost:
                    batch.ForEach(operation => operation.Fail(failure!));
                    return;
                case LedgerFailure.Operation or LedgerFailure.Conflict or LedgerFailure.NoRoom when batch.Count == 1:
                    batch[0].Fail(failure!);
                    return;
            }

            // One of them fails, or there is room for some: each has its own transaction.
            batch.ForEach(operation => Commit([operation]));
            return;
        }

        _stalled = null;
    }

    private bool TryCommit(List<Operation> batch, out Exception? failure)
    {
        failure = null;
        try
        {
            var now = _session.Begin();

            // Results come first: they lock clips, which come before videos wherever rows are locked.
            foreach (var together in batch.Where(operation => operation.Joint is not null).GroupBy(operation => operation.Joint!))
            {
                together.Key.Run([.. together], now);
            }

            foreach (var operation in batch)
            {
                operation.Run(now);
            }

            _committing();
            _session.Commit();
        }
        catch (CommitUnknownException unknown)
        {
            failure = WasCommitted() switch { true => null, false => unknown.InnerException, null => unknown };
            if (failure is not null)
            {
                _rolledBack();
                return false;
            }
        }
        catch (Exception exception)
        {
            failure = exception;
            _session.Rollback();
            _rolledBack();
            return false;
        }

        if (!batch.TrueForAll(operation => operation.Quiet))
        {
            Interlocked.Increment(ref _revision);
        }

        _committed();
        foreach (var operation in batch)
        {
            operation.Acknowledge();
        }

        return true;
    }

    /// <summary>Asks until the database has answered; null where it does not before the ledger closes.</summary>
    private bool? WasCommitted()
    {
        while (true)
        {
            try
            {
                return _session.WasCommitted();
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested)
            {
                Wait(exception, LostDelay);
            }
            catch (Exception)
            {
                return null;
            }
        }
    }

    private void Wait(Exception failure, TimeSpan delay)
    {
        var reason = _session.Explain(failure);
        if (_stalled is null)
        {
            LogStalled(_log, reason);
        }

        _stalled = reason;
        try
        {
            Task.Delay(delay, _time, _stopping.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // The ledger closes: one more try, then the operation fails.
        }
    }

    [LoggerMessage(LogLevel.Error, "{Reason}")]
    private static partial void LogStalled(ILogger logger, string reason);
}
