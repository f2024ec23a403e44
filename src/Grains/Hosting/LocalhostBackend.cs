using MedGenCluster.Engine.Clustering;

namespace MedGenCluster.Grains.Hosting;

/// <summary>One silo on this machine that remembers nothing: for development.</summary>
internal sealed class LocalhostBackend : IClusterBackend
{
    public void Configure(ISiloBuilder silo, ClusterSettings settings)
    {
        if (settings.AdvertisedAddress is not null)
        {
            throw new ClusterException(
                $"--{ClusterConfiguration.AdvertisedAddress} is for silos of several machines, but --{ClusterConfiguration.Clustering} localhost stays on this one; leave it out, or use postgres or azure.");
        }

        silo.UseLocalhostClustering(settings.SiloPort, settings.GatewayPort, serviceId: settings.ClusterId, clusterId: settings.ClusterId);
        silo.AddMemoryGrainStorage(SiloConfiguration.Storage);
        silo.UseInMemoryReminderService();
    }
}
