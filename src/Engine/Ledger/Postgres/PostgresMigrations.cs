using System.Globalization;
using Npgsql;

namespace MedGenCluster.Engine.Ledger.Postgres;

/// <summary>Brings the schema of a PostgreSQL ledger up to date.</summary>
internal static class PostgresMigrations
{
    /// <summary>The ledger's name among the advisory locks of its database: "mglg".</summary>
    public const string LockName = "1835494503";

    private const int OldestServer = 140_000;

    /// <summary>Applies the steps that are missing, in one transaction. Several processes may do so at once: the first one does the work.</summary>
    /// <exception cref="LedgerException">The database cannot be reached or used, belongs to a newer version, or its schema to another program.</exception>
    public static async Task ApplyAsync(string connectionString, CancellationToken cancellationToken)
    {
        var own = PostgresConnections.Writer(connectionString);
        try
        {
            await using var connection = new NpgsqlConnection(own);
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await CheckServerAsync(connection, cancellationToken).ConfigureAwait(false);
            if (await VersionAsync(connection, cancellationToken).ConfigureAwait(false) == PostgresSchema.Steps.Count)
            {
                return;
            }

            await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await RunAsync(connection, $"SELECT pg_advisory_xact_lock({LockName}, 0)", cancellationToken).ConfigureAwait(false);
            var version = await VersionAsync(connection, cancellationToken).ConfigureAwait(false);
            if (version == 0)
            {
                await RunAsync(connection, $"CREATE SCHEMA IF NOT EXISTS {PostgresConnections.Schema}; CREATE TABLE IF NOT EXISTS schema_version(version BIGINT NOT NULL)", cancellationToken).ConfigureAwait(false);
            }

            for (var step = version; step < PostgresSchema.Steps.Count; step++)
            {
                await RunAsync(connection, PostgresSchema.Steps[step], cancellationToken).ConfigureAwait(false);
                await RunAsync(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO schema_version(version) VALUES ({step + 1})"), cancellationToken).ConfigureAwait(false);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException exception)
        {
            throw PostgresConnections.Refusal(connectionString, exception);
        }
    }

    private static async Task CheckServerAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('server_encoding')", connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await row.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (row.GetInt32(0) < OldestServer)
        {
            throw new LedgerException($"The server is PostgreSQL {row.GetString(1)}; the ledger needs {OldestServer / 10_000} or later.");
        }

        if (row.GetString(2) != "UTF8")
        {
            throw new LedgerException($"The database {connection.Database} is encoded in {row.GetString(2)}; the ledger needs one that is created with ENCODING 'UTF8' (and TEMPLATE template0).");
        }
    }

    private static async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tables = await CountAsync(connection, $"SELECT COUNT(*) FROM pg_tables WHERE schemaname = '{PostgresConnections.Schema}'", cancellationToken).ConfigureAwait(false);
        if (tables == 0)
        {
            return 0;
        }

        if (await CountAsync(connection, $"SELECT COUNT(*) FROM pg_tables WHERE schemaname = '{PostgresConnections.Schema}' AND tablename IN ('schema_version', 'writer')", cancellationToken).ConfigureAwait(false) < 2)
        {
            throw new LedgerException(
                $"The schema {PostgresConnections.Schema} of the database {connection.Database} belongs to another program, not to a MedGenCluster ledger; name another database.");
        }

        var version = await CountAsync(connection, "SELECT COALESCE(MAX(version), 0) FROM schema_version", cancellationToken).ConfigureAwait(false);
        return version <= PostgresSchema.Steps.Count
            ? (int)version
            : throw new LedgerException(
                $"The ledger in the database {connection.Database} was written by a newer MedGenCluster (schema {version}, this one knows {PostgresSchema.Steps.Count}). Use that version, or another database.");
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
