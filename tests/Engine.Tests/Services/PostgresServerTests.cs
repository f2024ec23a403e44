using MedGenCluster.Services;
using Npgsql;

namespace MedGenCluster.Engine.Tests.Services;

/// <summary>The PostgreSQL that tests start for themselves.</summary>
public sealed class PostgresServerTests
{
    [PostgresFact]
    public async Task What_is_committed_outlives_a_crash_of_the_server()
    {
        await using var server = await PostgresServer.StartAsync();
        await RunAsync(server.ConnectionString, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)");

        await server.RestartAsync(crash: true);

        Assert.Equal(42, await RunAsync(server.ConnectionString, "SELECT n FROM kept"));
        Assert.Equal("on", await RunAsync(server.ConnectionString, "SHOW fsync"));
    }

    [PostgresFact]
    public async Task A_server_that_is_stopped_refuses_and_one_that_goes_on_has_its_address()
    {
        await using var server = await PostgresServer.StartAsync(durable: false);

        await server.StopAsync();
        await Assert.ThrowsAsync<NpgsqlException>(() => RunAsync(server.ConnectionString, "SELECT 1"));

        await server.ContinueAsync();
        Assert.Equal(1, await RunAsync(server.ConnectionString, "SELECT 1"));
    }

    [PostgresFact]
    public async Task Two_servers_and_their_databases_are_apart()
    {
        await using var one = await PostgresServer.StartAsync(durable: false);
        await using var other = await PostgresServer.StartAsync(durable: false);
        var own = await one.CreateDatabaseAsync("a \"name\"");
        await RunAsync(own, "CREATE TABLE mine (n int)");

        Assert.Equal("a \"name\"", await RunAsync(own, "SELECT current_database()::text"));
        Assert.NotEqual(own, one.ConnectionString);
        Assert.Equal(DBNull.Value, await RunAsync(one.ConnectionString, "SELECT to_regclass('mine')::text"));
        Assert.Equal(DBNull.Value, await RunAsync(other.ConnectionString, "SELECT to_regclass('mine')::text"));
        Assert.Equal("medgen", await RunAsync(other.ConnectionString, "SELECT current_database()::text"));
        Assert.Equal(true, await RunAsync(other.ConnectionString, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"));
    }

    [PostgresFact]
    public async Task Nothing_is_left_of_a_server_that_was_disposed_of()
    {
        string folder;
        await using (var server = await PostgresServer.StartAsync(durable: false))
        {
            folder = Path.GetDirectoryName((string)(await RunAsync(server.ConnectionString, "SHOW data_directory"))!)!;
            Assert.True(Directory.Exists(folder));
        }

        Assert.False(Directory.Exists(folder));
    }

    private static async Task<object?> RunAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
