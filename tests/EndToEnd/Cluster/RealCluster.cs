using System.Net;
using System.Net.Sockets;
using MedGenCluster.Services;

namespace MedGenCluster.EndToEnd.Cluster;

/// <summary>Silos of the real program on a PostgreSQL of their own, and media in a blob store or a shared directory.</summary>
internal sealed class RealCluster : IAsyncDisposable
{
    private readonly PostgresServer _postgres;
    private readonly AzuriteServer? _azurite;
    private readonly List<HostProcess> _silos = [];
    private readonly Dictionary<string, string> _environment;

    private RealCluster(PostgresServer postgres, AzuriteServer? azurite, string data)
    {
        (_postgres, _azurite, Data) = (postgres, azurite, data);
        _environment = new Dictionary<string, string>
        {
            ["MEDGEN_ENGINE"] = "orleans", ["MEDGEN_CLUSTERING"] = "postgres", ["MEDGEN_POSTGRES"] = postgres.ConnectionString, ["MEDGEN_DATA"] = data,
        };
        if (azurite is not null)
        {
            _environment["MEDGEN_AZURE_STORAGE"] = azurite.ConnectionString;
            _environment["MEDGEN_MEDIA_CONTAINER"] = "media";
        }
    }

    /// <summary>The directory that the silos share.</summary>
    public string Data { get; }

    /// <summary>What every command of the cluster's user has in the environment.</summary>
    public IReadOnlyDictionary<string, string> Environment => _environment;

    public IReadOnlyList<HostProcess> Silos => _silos;

    public static async Task<RealCluster> StartAsync(string data, bool blobs)
    {
        var cluster = new RealCluster(await PostgresServer.StartAsync(), blobs ? await AzuriteServer.StartAsync() : null, data);
        (await Medgen.RunAsync(cluster.Environment, "cluster", "init")).Succeeds();
        return cluster;
    }

    public async Task<HostProcess> AddAsync(string name, string role)
    {
        var silo = await HostProcess.StartAsync(Environment, "--role", role, "--silo-name", name, "--silo-port", Port(), "--gateway-port", Port());
        _silos.Add(silo);
        return silo;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        await _postgres.DisposeAsync();
    }

    /// <summary>A port that was free a moment ago.</summary>
    internal static string Port()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
