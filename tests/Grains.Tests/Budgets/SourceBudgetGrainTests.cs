using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Tests.Support;

namespace MedGenCluster.Grains.Tests.Budgets;

public sealed class SourceBudgetGrainTests(JobSilo silo) : IClassFixture<JobSilo>
{
    [Fact]
    public async Task All_who_ask_for_a_host_share_its_budget_and_another_host_has_its_own()
    {
        var asked = silo.Grains.GetGrain<ISourceBudgetGrain>("asked.example");

        bool[] went = [await GoesAsync(asked), await GoesAsync(asked), await GoesAsync(silo.Grains.GetGrain<ISourceBudgetGrain>("asked.example"))];

        Assert.Equal([true, true, false], went);
        Assert.True(await GoesAsync(silo.Grains.GetGrain<ISourceBudgetGrain>("other.example")));
    }

    [Fact]
    public async Task A_host_that_asks_for_a_rest_gets_it_from_all()
    {
        var host = silo.Grains.GetGrain<ISourceBudgetGrain>("rests.example");

        await host.ReportAsync(throttled: true, TimeSpan.FromMinutes(10));

        await Eventually.TrueAsync(async () => (await host.AcquireAsync(default)).Rest > TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30), () => Task.FromResult("the host does not rest"));
        Assert.False(await GoesAsync(host));
    }

    private static async Task<bool> GoesAsync(ISourceBudgetGrain host) => (await host.AcquireAsync(default)).Wait == TimeSpan.Zero;
}
