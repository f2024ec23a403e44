using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Ledger;

/// <summary>The ledger's only writer: one thread that gathers the waiting operations into one transaction, so that many results share
/// one synchronisation to disk. An operation is acknowledged after the commit. When the disk is full the writer waits for room: what
/// is queued stays queued (bounded), and nothing is lost or half-written.</summary>
internal sealed partial class GroupCommitter : IAsyncDisposable
{
    private const int MaxOperationsPerCommit = 256;
    private const int SqliteFull = 13;
    private const int SqliteIoError = 10;

    private readonly Channel<Operation> _queue = Channel.CreateBounded<Operation>(new BoundedChannelOptions(1024) { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private readonly Action<SqliteTransaction> _committing;
    private readonly Action _committed;
    private readonly Action _rolledBack;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private volatile string? _stalled;
    private int _disposed;
    private long _revision;

    /// <param name="committing">Called at the end of every transaction, inside it.</param>
    /// <param name="committed">Called on the writer's thread after every commit, before operations are acknowledged.</param>
    /// <param name="rolledBack">Called after a rollback, before the operations run again one by one.</param>
    public GroupCommitter(
        SqliteConnection connection, TimeProvider time, ILogger log, Action<SqliteTransaction> committing, Action committed, Action rolledBack)
    {
        (_connection, _time, _log, _committing, _committed, _rolledBack) = (connection, time, log, committing, committed, rolledBack);
        _thread = new Thread(Loop) { IsBackground = true, Name = "ledger-writer" };
        _thread.Start();
    }

    /// <summary>Moves with every transaction that changed something.</summary>
    public long Revision => Volatile.Read(ref _revision);

    /// <summary>What keeps the writer waiting, in words; null while it works.</summary>
    public string? Stalled => _stalled;

    /// <summary>Runs <paramref name="work"/> inside the next transaction and completes after its commit.</summary>
    public async Task<T> RunAsync<T>(Func<SqliteTransaction, T> work)
    {
        var operation = new Operation<T>(work);
        await _queue.Writer.WriteAsync(operation).ConfigureAwait(false);
        return await operation.Completion.ConfigureAwait(false);
    }

    /// <summary>Writes what is queued; on a full disk that fails instead of waiting.</summary>
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

    private void Loop()
    {
        var batch = new List<Operation>(MaxOperationsPerCommit);
        while (WaitForWork())
        {
            batch.Clear();
            while (batch.Count < MaxOperationsPerCommit && _queue.Reader.TryRead(out var operation))
            {
                batch.Add(operation);
            }

            if (!TryCommit(batch, out var failure))
            {
                RunOneByOne(batch, failure!);
            }
        }
    }

    private bool WaitForWork()
    {
        var waiting = _queue.Reader.WaitToReadAsync();
        return waiting.IsCompletedSuccessfully ? waiting.Result : waiting.AsTask().GetAwaiter().GetResult();
    }

    private bool TryCommit(List<Operation> batch, out Exception? failure)
    {
        failure = null;
        try
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            foreach (var operation in batch)
            {
                operation.Run(transaction);
            }

            _committing(transaction);
            transaction.Commit();
        }
        catch (Exception exception)
        {
            failure = exception;
            _rolledBack();
            return false;
        }

        Interlocked.Increment(ref _revision);
        _committed();
        foreach (var operation in batch)
        {
            operation.Acknowledge();
        }

        return true;
    }

    /// <summary>Finds the operation that fails and fails it alone; waits out a full disk.</summary>
    private void RunOneByOne(List<Operation> batch, Exception first)
    {
        if (IsOutOfRoom(first))
        {
            WaitForRoom(first);
        }

        foreach (var operation in batch)
        {
            Exception? failure;
            while (!TryCommit([operation], out failure) && IsOutOfRoom(failure!) && !_stopping.IsCancellationRequested)
            {
                WaitForRoom(failure!);
            }

            if (failure is not null)
            {
                operation.Fail(failure);
            }
        }

        _stalled = null;
    }

    private static bool IsOutOfRoom(Exception failure) => failure is SqliteException { SqliteErrorCode: SqliteFull or SqliteIoError };

    private void WaitForRoom(Exception full)
    {
        _stalled = $"The ledger cannot write: {full.Message} Free some space on its disk; work goes on by itself.";
        LogStalled(_log, full.Message);
        try
        {
            Task.Delay(TimeSpan.FromSeconds(1), _time, _stopping.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // The ledger closes: one more try, then the operation fails.
        }
    }

    [LoggerMessage(LogLevel.Error, "The ledger cannot write ({Reason}); waiting for room.")]
    private static partial void LogStalled(ILogger logger, string reason);

    private abstract class Operation
    {
        public abstract void Run(SqliteTransaction transaction);

        public abstract void Acknowledge();

        public abstract void Fail(Exception exception);
    }

    private sealed class Operation<T>(Func<SqliteTransaction, T> work) : Operation
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Completion => _done.Task;

        public override void Run(SqliteTransaction transaction) => _result = work(transaction);

        public override void Acknowledge() => _done.TrySetResult(_result!);

        public override void Fail(Exception exception) => _done.TrySetException(exception);
    }
}
