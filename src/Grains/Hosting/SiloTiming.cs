using Orleans.Configuration;

namespace MedGenCluster.Grains.Hosting;

/// <summary>How soon a cluster misses a silo that is gone.</summary>
internal static class SiloTiming
{
    public static void Set(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = TimeSpan.FromSeconds(2);
        options.MaxProbeTimeout = TimeSpan.FromSeconds(3);
        options.NumMissedProbesLimit = 3;
        options.NumVotesForDeathDeclaration = 2;
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
        options.NumMissedTableIAmAliveLimit = 5;
        options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
    }

    public static void Set(GrainCollectionOptions options)
    {
        options.CollectionAge = TimeSpan.FromSeconds(45);
        options.CollectionQuantum = TimeSpan.FromSeconds(15);
    }
}
