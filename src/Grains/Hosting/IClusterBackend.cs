using MedGenCluster.Engine.Clustering;

namespace MedGenCluster.Grains.Hosting;

/// <summary>Where silos keep membership, grain state and reminders.</summary>
internal interface IClusterBackend
{
    /// <summary>Sets all three on a silo. Grain state goes to the storage named <see cref="SiloConfiguration.Storage"/>.</summary>
    /// <exception cref="ClusterException">The settings lack what the backend needs.</exception>
    void Configure(ISiloBuilder silo, ClusterSettings settings);
}
