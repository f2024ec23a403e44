using MedGenCluster.Services;
using MedGenCluster.ClusterProbe;
using MedGenCluster.Engine.Clustering;

namespace MedGenCluster.Grains.Tests.Support;

/// <summary>Silos in processes of their own, which end with the test.</summary>
internal sealed class ProbeCluster : IAsyncDisposable
{
    private readonly ProbeProcess[] _silos;

    private ProbeCluster(ProbeProcess[] silos) => _silos = silos;

    public ProbeProcess this[int index] => _silos[index];

    /// <summary>Starts silos of these names and waits until each sees all as active.</summary>
    public static async Task<ProbeCluster> FormAsync(ClusterSettings settings, CancellationToken cancellationToken, params string[] names)
    {
        var clustering = settings.Clustering == ClusteringBackend.Postgres ? "postgres" : "azure";
        var cluster = new ProbeCluster(
        [
            .. names.Select(name => ProbeProcess.Start(
                name,
                [("clustering", clustering), ("cluster-id", settings.ClusterId), ("silo-port", $"{FreePort.Next()}"), ("gateway-port", $"{FreePort.Next()}")],
                [("MEDGEN_POSTGRES", settings.Postgres ?? ""), ("MEDGEN_AZURE_STORAGE", settings.AzureStorage ?? "")])),
        ]);
        try
        {
            await Task.WhenAll(from silo in cluster._silos from name in names select silo.UntilAsync($"member {name} Active", cancellationToken));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }
    }
}
