using MedGenCluster.Grains.Tests.Support;
using MedGenCluster.Simulation;

namespace MedGenCluster.Grains.Tests.Faults;

[Collection(FaultCollection.Name)]
public sealed class DatabaseOutageTests(FaultServer server)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [PostgresFact]
    public async Task A_crash_of_the_database_loses_nothing_and_a_silo_that_cannot_reach_it_says_so_or_ends_when_it_is_asked_to()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var cluster = await SimulatedCluster.CreateAsync(
            server.Postgres, new SimulationPlan { Videos = 400, Seconds = new Dictionary<string, double> { ["segment"] = 0.1, ["caption"] = 0.1, ["aesthetics"] = 0.1 } });
        cluster.Start("a", "all");
        var other = cluster.Start("b", "all");
        await cluster.UntilAsync(() => cluster.Begun("a") > 50 && cluster.Begun("b") > 50, Limit);

        await server.Postgres.RestartAsync(crash: true);
        var begun = cluster.Begun("a");
        await cluster.UntilAsync(() => cluster.Begun("a") > begun + 50, Limit);
        await server.Postgres.StopAsync();
        try
        {
            var late = cluster.Start("late", "all");
            var said = await late.UntilAsync("failed ", limit.Token);
            Assert.Equal(1, await late.EndedAsync(limit.Token));
            Assert.Contains("PostgreSQL", said.Text, StringComparison.Ordinal);
            await other.SignalAsync("TERM");
            await other.EndedAsync(limit.Token);
        }
        finally
        {
            // Other tests share the server.
            await server.Postgres.ContinueAsync();
        }

        cluster.Hurry();
        await cluster.EndsAsPlannedAsync(Limit);
    }
}
