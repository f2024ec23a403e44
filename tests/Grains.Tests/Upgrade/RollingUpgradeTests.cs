using System.Reflection;
using MedGenCluster.ClusterProbe;
using MedGenCluster.Grains.Tests.Support;
using MedGenCluster.Simulation;

namespace MedGenCluster.Grains.Tests.Upgrade;

[Collection(RollCollection.Name)]
public sealed class RollingUpgradeTests(FaultServer server)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [PostgresFact]
    public async Task Silos_of_two_versions_work_on_one_job_while_it_is_upgraded_one_silo_after_another_and_rolled_back()
    {
        Assert.True(AssemblyName.GetAssemblyName(LaterVersion.Grains).Version > typeof(OrleansEngineFactory).Assembly.GetName().Version);
        await using var cluster = await SimulatedCluster.CreateAsync(
            server.Postgres, new SimulationPlan { Videos = 700, Seconds = new Dictionary<string, double> { ["segment"] = 0.8, ["caption"] = 0.4, ["aesthetics"] = 1.2 } });
        var cpu = cluster.Start("c1", "cpu");
        var gpu = cluster.Start("g1", "gpu");
        await WorkAsync(cluster, "c1", "g1");

        // Up: the two Deployments of a cluster are rolled one after the other, so a later cpu silo has earlier lanes for a while.
        var laterCpu = cluster.StartLater("c2", "cpu");
        await WorkAsync(cluster, "c1", "c2", "g1");
        await DrainAsync(cpu);
        await WorkAsync(cluster, "c2", "g1");
        var laterGpu = cluster.StartLater("g2", "gpu");
        await WorkAsync(cluster, "c2", "g1", "g2");
        await DrainAsync(gpu);
        await WorkAsync(cluster, "c2", "g2");

        // And back.
        cluster.Start("c3", "cpu");
        await WorkAsync(cluster, "c2", "c3", "g2");
        await DrainAsync(laterCpu);
        await WorkAsync(cluster, "c3", "g2");
        cluster.Start("g3", "gpu");
        await WorkAsync(cluster, "c3", "g2", "g3");
        await DrainAsync(laterGpu);

        cluster.Hurry();
        await cluster.EndsAsPlannedAsync(2 * Limit);
        Assert.Empty(Diary.Twice(cluster.Diaries));
        Assert.Equal(0, await cluster.CountAsync("SELECT COUNT(*) FROM medgen_ledger.item WHERE attempts <> 0"));
    }

    /// <summary>Waits until each of them has begun more than it had.</summary>
    private static Task WorkAsync(SimulatedCluster cluster, params string[] silos)
    {
        var begun = silos.Select(cluster.Begun).ToArray();
        return cluster.UntilAsync(() => silos.Zip(begun).All(silo => cluster.Begun(silo.First) > silo.Second + 10), Limit);
    }

    private static async Task DrainAsync(ProbeProcess silo)
    {
        using var limit = new CancellationTokenSource(Limit);
        await silo.SignalAsync("TERM");
        Assert.Equal(0, await silo.EndedAsync(limit.Token));
    }
}
