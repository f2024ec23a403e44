using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Grains.Tests.Support;
using MedGenCluster.Simulation;

namespace MedGenCluster.Grains.Tests.Faults;

[Collection(FaultCollection.Name)]
public sealed class CommandTests(FaultServer server)
{
    private const string Leased = "SELECT COUNT(*) FROM medgen_ledger.item WHERE lease_owner IS NOT NULL";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [PostgresFact]
    public async Task A_hold_waits_for_what_is_in_flight_on_all_silos_and_a_pause_and_a_cancellation_reach_them_all()
    {
        await using var cluster = await SimulatedCluster.CreateAsync(
            server.Postgres, new SimulationPlan { Videos = 2000, Seconds = new Dictionary<string, double> { ["segment"] = 0.05, ["caption"] = 0.1, ["aesthetics"] = 0.05 } });
        cluster.Start("a", "all");
        await using var here = cluster.Join("here");
        using var stop = new CancellationTokenSource();
        var running = here.Engine.RunAsync(untilIdle: false, stop.Token);
        await cluster.UntilAsync(() => cluster.Begun("a") > 20 && cluster.Begun("here") > 20, Limit);
        var job = (await cluster.JobAsync()).Id;

        for (var round = 0; round < 5; round++)
        {
            await using (await here.Engine.HoldAsync(job, CancellationToken.None))
            {
                Assert.Equal(0, await cluster.CountAsync(Leased));
                var begun = Begun(cluster);
                await Assert.ThrowsAsync<InvalidOperationException>(() => here.Engine.HoldAsync(job, CancellationToken.None));
                Assert.Equal(0, await cluster.CountAsync(Leased));
                Assert.Equal(begun, Begun(cluster));
            }

            var held = Begun(cluster);
            await cluster.UntilAsync(() => Begun(cluster) > held, Limit);
        }

        await cluster.Ledger.ChangeJobAsync(job, JobEvent.PauseRequested);
        await Eventually.TrueAsync(async () => await cluster.CountAsync(Leased) == 0, Limit, () => Task.FromResult("leases stay while the job is paused"));
        var paused = Begun(cluster);
        await cluster.Ledger.ChangeJobAsync(job, JobEvent.ResumeRequested);
        await cluster.UntilAsync(() => Begun(cluster) > paused, Limit);
        await cluster.Ledger.ChangeJobAsync(job, JobEvent.CancelRequested);
        await Eventually.TrueAsync(async () => await cluster.CountAsync(Leased) == 0, Limit, () => Task.FromResult("leases stay of a job that is cancelled"));

        await stop.CancelAsync();
        await running;
        Assert.Equal(JobState.Cancelled, (await cluster.JobAsync()).State);
        Assert.Empty(Diary.Twice(cluster.Diaries));
    }

    private static int Begun(SimulatedCluster cluster) => cluster.Begun("a") + cluster.Begun("here");
}
