using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Hosting.Postgres;

namespace MedGenCluster.Grains.Hosting;

/// <summary>Makes the backend that the settings name.</summary>
internal static class ClusterBackends
{
    // Compiled only where its packages can be had, so it is looked up by name.
    private const string Azure = "MedGenCluster.Grains.Hosting.Azure.AzureBackend";

    /// <exception cref="ClusterException">This build does not have the backend.</exception>
    public static IClusterBackend Create(ClusteringBackend backend) => backend switch
    {
        ClusteringBackend.Localhost => new LocalhostBackend(),
        ClusteringBackend.Postgres => new PostgresBackend(),
        ClusteringBackend.AzureStorage when typeof(ClusterBackends).Assembly.GetType(Azure) is { } type => (IClusterBackend)Activator.CreateInstance(type)!,
        ClusteringBackend.AzureStorage => throw new ClusterException(
            "This build cannot keep a cluster in Azure Storage: the Orleans packages for it could not be had when it was built (`medgen setup` says which). Use --clustering postgres."),
        _ => throw new ArgumentOutOfRangeException(nameof(backend)),
    };
}
