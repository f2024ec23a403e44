using System.Data.Common;
using MedGenCluster.Engine.Ledger.Postgres;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MedGenCluster.Engine.Ledger;

/// <summary>The ledger in PostgreSQL, which the silos of a cluster share. Its clock is the server's. While the server is away, work waits.</summary>
public sealed class PostgresLedger : SqlLedger
{
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReadDelay = TimeSpan.FromMilliseconds(250);

    private readonly PostgresSession _session;
    private readonly NpgsqlDataSource _readers;
    private readonly TimeProvider _time;
    private readonly PeriodicTimer _refreshes;
    private readonly Task _refreshing;
    private long _othersWrites;

    private PostgresLedger(PostgresSession session, string readers, TimeProvider time, ILogger log)
        : base(session, time, log)
    {
        (_session, _time, _readers) = (session, time, NpgsqlDataSource.Create(readers));
        _refreshes = new PeriodicTimer(RefreshPeriod, time);
        _refreshing = KeepFreshAsync();
    }

    /// <summary>The writer's session, for tests.</summary>
    internal PostgresSession Session => _session;

    public override long Revision => base.Revision + Volatile.Read(ref _othersWrites);

    /// <summary>Opens the ledger of a database, and makes or updates it first where need be; several processes may do so at once.</summary>
    /// <param name="connectionString">As Npgsql takes it.</param>
    /// <param name="time">For waiting, and for telling callers times by their own clock.</param>
    /// <exception cref="LedgerException">The database cannot be reached or used, or its ledger is newer than this program.</exception>
    public static async Task<PostgresLedger> OpenAsync(string connectionString, TimeProvider time, ILogger log, CancellationToken cancellationToken = default)
    {
        await PostgresMigrations.ApplyAsync(connectionString, cancellationToken).ConfigureAwait(false);
        return Connect(connectionString, time, log);
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static PostgresLedger Open(string connectionString, TimeProvider time, ILogger log) =>
        Task.Run(() => OpenAsync(connectionString, time, log)).GetAwaiter().GetResult();

    /// <summary>Runs on a connection beside the writer's, and again when that breaks.</summary>
    private protected override async Task<T> ReadAsync<T>(Func<DbConnection, T> read)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = await _readers.OpenConnectionAsync().ConfigureAwait(false);
                return read(connection);
            }
            catch (Exception failure) when (failure is not InvalidOperationException && _session.Judge(failure) is LedgerFailure.Lost or LedgerFailure.Conflict)
            {
                if (_time.GetElapsedTime(started) > ReadPatience)
                {
                    throw new LedgerException(_session.Explain(failure), failure);
                }
            }

            await Task.Delay(ReadDelay, _time).ConfigureAwait(false);
        }
    }

    // Each statement sees all that was committed when it began, and later ones see more: that is enough for whoever reads on from a mark.
    private protected override IDisposable? Snapshot(DbConnection connection) => null;

    private protected override void Reload()
    {
        Volatile.Write(ref _othersWrites, Others());
        base.Reload();
    }

    private protected override void Closing() => _refreshes.Dispose();

    private protected override async ValueTask CloseAsync()
    {
        await _refreshing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _readers.DisposeAsync().ConfigureAwait(false);
    }

    private static PostgresLedger Connect(string connectionString, TimeProvider time, ILogger log)
    {
        var session = new PostgresSession(PostgresConnections.Writer(connectionString));
        try
        {
            session.Open();
            return new PostgresLedger(session, PostgresConnections.Readers(connectionString), time, log);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            session.Dispose();
            throw PostgresConnections.Refusal(connectionString, exception);
        }
    }

    /// <summary>Keeps the tallies up with what other silos write. It waits where the writer waits.</summary>
    private async Task KeepFreshAsync()
    {
        while (await _refreshes.WaitForNextTickAsync().ConfigureAwait(false))
        {
            try
            {
                await RunAsync(_ => RefreshIfOthersWrote(), quiet: true).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // Whoever writes or reads meets the same failure and reports it; the next second tries again.
            }
        }
    }

    private bool RefreshIfOthersWrote()
    {
        var changed = Others() != Volatile.Read(ref _othersWrites);
        if (changed)
        {
            Reload();
        }

        return changed;
    }

    /// <summary>Moves with every transaction of another session.</summary>
    private long Others() => _session.Prepare("SELECT CAST(COALESCE(SUM(turn), 0) AS BIGINT) FROM writer WHERE id <> @0", "i").Scalar(_session.Writer)!.Value;
}
