namespace MedGenCluster.Grains.Tests.Unavailable;

/// <summary>Compiled where there is no Orleans, so that a test run names what it could not test.</summary>
public sealed class OrleansTests
{
    [Fact(Skip = "Orleans cannot be had from this machine's package registry (`./medgen setup --force` asks again), so the cluster engine is not in this build and none of its tests is.")]
    public void The_cluster_engine_works()
    {
    }
}
