using MedGenCluster.Engine.Clustering;
using Npgsql;

namespace MedGenCluster.Grains.Hosting.Postgres;

/// <summary>The tables and queries through which a cluster keeps its membership, grain state and reminders in PostgreSQL.</summary>
public static class OrleansSchema
{
    // Any number that no other part of the program locks; held while the schema is written, so that two runs follow each other.
    private const long Lock = 0x6d65_6467_656e_0001;

    /// <summary>Brings a database to this build's schema; does nothing where it is there. Safe beside running silos, which read the queries when they start.</summary>
    /// <param name="connectionString">Npgsql connection string of a role that may create tables.</param>
    /// <exception cref="ClusterException">The database cannot be reached or refuses; nothing was changed.</exception>
    public static Task ApplyAsync(string connectionString, CancellationToken cancellationToken) => RunAsync(connectionString, async connection =>
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock($1)") { Parameters = { new() { Value = Lock } } });
        foreach (var statement in OrleansQueries.Tables.Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }

        foreach (var (key, text) in OrleansQueries.All)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                "INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ($1, $2) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText")
            {
                Parameters = { new() { Value = key }, new() { Value = text } },
            });
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    });

    /// <summary>Returns where a silo of this build can work with the database.</summary>
    /// <exception cref="ClusterException">The database cannot be reached, or its schema is missing or older than this build's; the message says what to do.</exception>
    public static Task CheckAsync(string connectionString, CancellationToken cancellationToken) => RunAsync(connectionString, async connection =>
    {
        var missing = new HashSet<string>(OrleansQueries.All.Keys);
        await using var find = new NpgsqlCommand("SELECT to_regclass('OrleansQuery') IS NOT NULL", connection);
        if (await find.ExecuteScalarAsync(cancellationToken) is true)
        {
            await using var read = new NpgsqlCommand("SELECT QueryKey FROM OrleansQuery", connection);
            await using var keys = await read.ExecuteReaderAsync(cancellationToken);
            while (await keys.ReadAsync(cancellationToken))
            {
                missing.Remove(keys.GetString(0));
            }
        }

        if (missing.Count > 0)
        {
            throw new ClusterException("The cluster's PostgreSQL does not have this build's schema; run `medgen cluster init` once.");
        }
    });

    private static async Task RunAsync(string connectionString, Func<NpgsqlConnection, Task> work)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync();
            await work(connection);
        }
        catch (PostgresException exception)
        {
            throw new ClusterException($"The cluster's PostgreSQL refuses ({exception.SqlState}): {exception.MessageText}", exception);
        }
        catch (NpgsqlException exception)
        {
            throw new ClusterException($"The cluster's PostgreSQL cannot be reached: {exception.Message}", exception);
        }
        catch (ArgumentException exception)
        {
            // The message may quote the text, and with it a password.
            throw new ClusterException("The cluster's PostgreSQL connection string cannot be read; write it as Npgsql does: Host=...;Database=...;Username=...", exception);
        }
    }
}
