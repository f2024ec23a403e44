using System.Data.Common;
using Dapper;
using MedGenCluster.Engine.Ledger.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Ledger;

/// <summary>The ledger in one SQLite file (write-ahead log, synchronous FULL), or in memory for tests and benchmarks.</summary>
public sealed class SqliteLedger : SqlLedger
{
    private readonly SqliteSession _session;
    private readonly string? _readConnection;

    private SqliteLedger(SqliteSession session, string? readConnection, TimeProvider time, ILogger log)
        : base(session, time, log) => (_session, _readConnection) = (session, readConnection);

    /// <summary>The writer's connection, for tests while the writer is at rest.</summary>
    internal SqliteConnection Writer => _session.Connection;

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
            SqliteMigrations.Apply(connection);
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
        return new SqliteLedger(new SqliteSession(connection, time), read, time, log);
    }

    /// <summary>Reads on a connection of its own beside the writer; a ledger in memory has only the writer's.</summary>
    private protected override async Task<T> ReadAsync<T>(Func<DbConnection, T> read)
    {
        if (_readConnection is null)
        {
            return await RunAsync(_ => read(_session.Connection)).ConfigureAwait(false);
        }

        await using var connection = new SqliteConnection(_readConnection);
        await connection.OpenAsync().ConfigureAwait(false);
        return read(connection);
    }

    // A ledger in memory is read by its writer, who is in a transaction already.
    private protected override IDisposable? Snapshot(DbConnection connection) =>
        _readConnection is null ? null : ((SqliteConnection)connection).BeginTransaction(deferred: true);
}
