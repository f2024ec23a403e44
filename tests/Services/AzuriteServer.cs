using System.Net.Sockets;
using System.Reflection;
using System.Text;

namespace MedGenCluster.Services;

/// <summary>An Azure storage account of the test's own (Azurite): blobs and tables on free ports of 127.0.0.1, kept in a temporary folder, gone with the test.</summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    private const int Attempts = 5;

    // An account is known to its own server alone, so its key opens nothing else.
    private const string Account = "medgentests";

    private static readonly string Key = Convert.ToBase64String(Encoding.ASCII.GetBytes($"the key of {Account}"));
    private static readonly string Program = typeof(AzuriteServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "AzuriteProgram").Value!;

    private readonly string _folder;
    private readonly (int Blob, int Queue, int Table) _ports;
    private GuardedProcess? _process;

    private AzuriteServer(string folder, (int, int, int) ports) => (_folder, _ports) = (folder, ports);

    /// <summary>Why there can be no Azurite here; null where there can.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>The account's connection string: blobs and tables.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={Endpoint(_ports.Blob)};TableEndpoint={Endpoint(_ports.Table)};";

    public static async Task<AzuriteServer> StartAsync()
    {
        if (Missing is not null)
        {
            throw new ServiceException(Missing);
        }

        for (var attempt = 1; ; attempt++)
        {
            var server = new AzuriteServer(ServiceFolder.Create("azurite"), (FreePort.Next(), FreePort.Next(), FreePort.Next()));
            if (await server.LaunchAsync().ConfigureAwait(false))
            {
                return server;
            }

            // Somebody took a port meanwhile, most likely.
            var log = ServiceFolder.LogEnd(server._folder);
            await server.DisposeAsync().ConfigureAwait(false);
            if (attempt == Attempts)
            {
                throw new ServiceException($"Azurite does not start. {log}");
            }
        }
    }

    /// <summary>Takes the account away: connections break and new ones are refused until <see cref="ContinueAsync"/>. What it has answered for is kept.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.StopAsync("TERM").ConfigureAwait(false);
        }
    }

    /// <summary>Brings a stopped account back under the same addresses; done when it answers.</summary>
    public async Task ContinueAsync()
    {
        if (_process is null && !await LaunchAsync().ConfigureAwait(false))
        {
            throw new ServiceException($"Azurite does not come back. {ServiceFolder.LogEnd(_folder)}");
        }
    }

    /// <summary>Stops and continues.</summary>
    public async Task RestartAsync()
    {
        await StopAsync().ConfigureAwait(false);
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

    private static string? FindMissing()
    {
        if (!File.Exists(Program))
        {
            return "Azurite is not in this build; install Node 20 or later with npm and build again.";
        }

        var paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return paths.Any(path => File.Exists(Path.Combine(path, "node"))) ? null : "Azurite needs Node; install Node 20 or later.";
    }

    private static string Endpoint(int port) => $"http://127.0.0.1:{port}/{Account}";

    private async Task<bool> LaunchAsync()
    {
        string[] command =
        [
            "env", $"AZURITE_ACCOUNTS={Account}:{Key}", "node", Program, "--location", Path.Combine(_folder, "data"), "--silent", "--disableTelemetry",
            // The client libraries are often a version of the interface ahead of it.
            "--skipApiVersionCheck",
            "--blobPort", $"{_ports.Blob}", "--queuePort", $"{_ports.Queue}", "--tablePort", $"{_ports.Table}",
        ];
        _process = await GuardedProcess.StartAsync(_folder, "KILL", command).ConfigureAwait(false);
        return await ServiceFolder.AnswersAsync(_process, _folder, AskAsync).ConfigureAwait(false);
    }

    private async Task AskAsync()
    {
        foreach (var port in (int[])[_ports.Blob, _ports.Table])
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port).ConfigureAwait(false);
        }
    }
}
