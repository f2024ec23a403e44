using Npgsql;

namespace MedGenCluster.Services;

/// <summary>A PostgreSQL of the test's own: started on a free port of 127.0.0.1 in a temporary folder, without passwords, gone with the test.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Database = "medgen";
    private const string Superuser = "postgres";
    private const int Attempts = 5;

    private readonly string _folder;
    private readonly int _port;
    private readonly bool _durable;
    private GuardedProcess? _process;

    private PostgresServer(string folder, int port, bool durable) => (_folder, _port, _durable) = (folder, port, durable);

    /// <summary>Why there can be no PostgreSQL here; null where there can.</summary>
    public static string? Missing { get; } = PostgresPrograms.Missing();

    /// <summary>Superuser of the database <c>medgen</c>.</summary>
    public string ConnectionString => ConnectionTo(Database);

    /// <param name="durable">Commits survive a crash, as in a real server (fsync). False is quicker where no test kills it.</param>
    public static async Task<PostgresServer> StartAsync(bool durable = true)
    {
        if (Missing is not null)
        {
            throw new ServiceException(Missing);
        }

        for (var attempt = 1; ; attempt++)
        {
            var folder = ServiceFolder.Create("postgres");
            try
            {
                await PostgresPrograms.InitialiseAsync(folder, Superuser).ConfigureAwait(false);
                var server = new PostgresServer(folder, FreePort.Next(), durable);
                if (await server.LaunchAsync().ConfigureAwait(false))
                {
                    await server.CreateDatabaseAsync(Database).ConfigureAwait(false);
                    return server;
                }

                // Somebody took the port meanwhile, most likely.
                var log = ServiceFolder.LogEnd(folder);
                await server.DisposeAsync().ConfigureAwait(false);
                if (attempt == Attempts)
                {
                    throw new ServiceException($"PostgreSQL does not start. {log}");
                }
            }
            catch
            {
                if (Directory.Exists(folder))
                {
                    Directory.Delete(folder, recursive: true);
                }

                throw;
            }
        }
    }

    /// <summary>An empty database beside <c>medgen</c>: a test of its own on a server that many share.</summary>
    /// <returns>Its connection string, as superuser.</returns>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await using var connection = new NpgsqlConnection(ConnectionTo(Superuser) + ";Pooling=false");
        await connection.OpenAsync().ConfigureAwait(false);
        await using var command = new NpgsqlCommand($"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        return ConnectionTo(name);
    }

    /// <summary>Takes the server away: connections break and new ones are refused until <see cref="ContinueAsync"/>.</summary>
    /// <param name="crash">At once, without a word to anyone and without a checkpoint, as when its machine loses power; else in order.</param>
    public async Task StopAsync(bool crash = false)
    {
        if (_process is { } process)
        {
            _process = null;
            await process.StopAsync(crash ? "QUIT" : "INT").ConfigureAwait(false);
        }
    }

    /// <summary>Brings a stopped server back with all that was committed, under the same address; done when it answers.</summary>
    public async Task ContinueAsync()
    {
        if (_process is null && !await LaunchAsync().ConfigureAwait(false))
        {
            throw new ServiceException($"PostgreSQL does not come back. {ServiceFolder.LogEnd(_folder)}");
        }
    }

    /// <summary>Stops and continues.</summary>
    public async Task RestartAsync(bool crash = false)
    {
        await StopAsync(crash).ConfigureAwait(false);
        await ContinueAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.CloseAsync().ConfigureAwait(false);
        }
        else if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task<bool> LaunchAsync()
    {
        string[] settings =
        [
            $"port={_port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200", "shared_buffers=64MB",
            // Tests read columns of plain names in English messages, and count on the server's own clock alone.
            "lc_messages=C", "timezone=UTC", $"fsync={(_durable ? "on" : "off")}", $"synchronous_commit={(_durable ? "on" : "off")}",
        ];
        _process = await GuardedProcess.StartAsync(_folder, "QUIT", PostgresPrograms.Server(_folder, settings)).ConfigureAwait(false);
        return await ServiceFolder.AnswersAsync(_process, _folder, AskAsync).ConfigureAwait(false);
    }

    private async Task AskAsync()
    {
        await using var connection = new NpgsqlConnection(ConnectionTo(Superuser) + ";Pooling=false;Timeout=5");
        await connection.OpenAsync().ConfigureAwait(false);
    }

    private string ConnectionTo(string database) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = _port, Username = Superuser, Database = database, IncludeErrorDetail = true }.ConnectionString;
}
