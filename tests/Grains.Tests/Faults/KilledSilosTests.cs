using MedGenCluster.ClusterProbe;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Grains.Tests.Support;
using MedGenCluster.Simulation;
using Xunit.Abstractions;

namespace MedGenCluster.Grains.Tests.Faults;

[Collection(FaultCollection.Name)]
public sealed class KilledSilosTests(FaultServer server, ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly Dictionary<string, double> Seconds = new()
    {
        ["screen"] = 0.05, ["fetch"] = 0.1, ["probe"] = 0.05, ["segment"] = 0.2, ["cut"] = 0.1, ["aesthetics"] = 0.05, ["technical-quality"] = 0.05, ["caption"] = 0.1,
    };

    [PostgresFact]
    public async Task Nothing_is_lost_or_done_otherwise_while_silos_are_killed_again_and_again()
    {
        // The clocks of two are hours off, and some clips crash their worker.
        await using var cluster = await SimulatedCluster.CreateAsync(server.Postgres, new SimulationPlan { Videos = 400, Seconds = Seconds, Skew = 0.5, Poisoned = 0.02 });
        var random = new Random(7);
        (string Role, ProbeProcess Silo)[] silos =
        [
            ("cpu", cluster.Start("c0", "cpu", ("clock-skew", "7200"))), ("cpu", cluster.Start("c1", "cpu")),
            ("gpu", cluster.Start("g0", "gpu")), ("gpu", cluster.Start("g1", "gpu", ("clock-skew", "-7200"))),
        ];
        await cluster.UntilAsync(() => cluster.Begun("g0") > 0 && cluster.Begun("g1") > 0, Limit);
        var kills = 0;
        for (; kills < 4 && await RunsAsync(); kills++)
        {
            var victim = random.Next(silos.Length);
            var (role, silo) = silos[victim];
            output.WriteLine($"{silo.Name} is killed after {cluster.Begun(silo.Name)} runs");
            silo.Kill();
            silos[victim] = (role, cluster.Start($"{silo.Name}x", role));

            // The next is killed when this one's successor works, so that there is always something to break.
            while (cluster.Begun($"{silo.Name}x") == 0 && await RunsAsync())
            {
                await Task.Delay(100);
            }
        }

        await cluster.EndsAsPlannedAsync(Limit);

        Assert.InRange(kills, 2, 4);
        Assert.NotEmpty(cluster.Ledger.Items(new() { Outcome = Outcome.Failed }));
        output.WriteLine($"begun twice: {Diary.Twice(cluster.Diaries).Count} of {Diary.Read(cluster.Diaries).Sum(silo => silo.Count())}");

        async Task<bool> RunsAsync() => (await cluster.JobAsync()).State == JobState.Running;
    }
}
