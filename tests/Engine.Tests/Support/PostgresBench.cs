using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Ledger.Postgres;
using MedGenCluster.Services;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MedGenCluster.Engine.Tests.Support;

/// <summary>An empty database of a test's own, on the server that all tests of the run share.</summary>
internal sealed class PostgresBench : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresServer>> Server = new(() => PostgresServer.StartAsync(durable: false));
    private static readonly Lazy<Task<string>> Template = new(async () =>
    {
        var template = await CreateAsync();
        await PostgresMigrations.ApplyAsync(template.ConnectionString, CancellationToken.None);
        return template._name;
    });

    private static int _databases;

    private readonly string _name;
    private TimeProvider _time = TimeProvider.System;

    private PostgresBench(string name, string connectionString) => (_name, ConnectionString) = (name, connectionString);

    public string ConnectionString { get; }

    /// <summary>A database with an empty ledger, copied from one that was made once.</summary>
    public static async Task<PostgresBench> WithLedgerAsync()
    {
        var template = await Template.Value;
        var name = "ledger" + Interlocked.Increment(ref _databases);
        await RunAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return new PostgresBench(name, new NpgsqlConnectionStringBuilder((await Server.Value).ConnectionString) { Database = name }.ConnectionString);
    }

    public static async Task<PostgresBench> CreateAsync()
    {
        var name = "ledger" + Interlocked.Increment(ref _databases);
        return new PostgresBench(name, await (await Server.Value).CreateDatabaseAsync(name));
    }

    public PostgresLedger Open() => PostgresLedger.Open(ConnectionString, _time, NullLogger.Instance);

    public NpgsqlConnection Connect()
    {
        var connection = new NpgsqlConnection(PostgresConnections.Writer(ConnectionString));
        connection.Open();
        return connection;
    }

    public void Execute(string sql)
    {
        using var connection = Connect();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>Sets the ledger's clock to a test's, and keeps it there.</summary>
    public void Follow(FakeTime time)
    {
        Execute(
            $"""
            CREATE TABLE test_clock AS SELECT CAST({time.GetUtcNow().ToUnixTimeMilliseconds()} AS BIGINT) AS ms;
            CREATE OR REPLACE FUNCTION now_ms() RETURNS BIGINT LANGUAGE sql VOLATILE AS 'SELECT ms FROM test_clock';
            """);
        time.Advanced += () => Execute($"UPDATE test_clock SET ms = {time.GetUtcNow().ToUnixTimeMilliseconds()}");
        _time = new ClockOnly(time);
    }

    public async ValueTask DisposeAsync() => await RunAsync($"DROP DATABASE {_name} WITH (FORCE)");

    private static async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection((await Server.Value).ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Tells a test's time, and waits by the system's: what a ledger does every second is none of the test's business.</summary>
    private sealed class ClockOnly(TimeProvider clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();
    }
}
