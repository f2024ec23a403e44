using System.Diagnostics;
using MedGenCluster.Grains.Tests.Support;
using MedGenCluster.Simulation;
using Xunit.Abstractions;

namespace MedGenCluster.Grains.Tests.Faults;

[Collection(FaultCollection.Name)]
public sealed class GpuSilosTests(FaultServer server, ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(45);

    private static readonly SimulationPlan Plan = new()
    {
        Videos = 150, GpuMebibytes = 16, Seconds = new Dictionary<string, double> { ["segment"] = 0.2, ["aesthetics"] = 0.2, ["technical-quality"] = 0.2 },
    };

    [PostgresFact]
    public async Task Work_waits_for_a_gpu_silo_that_its_models_fit_goes_to_one_that_joins_and_back_from_one_that_drains()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var cluster = await SimulatedCluster.CreateAsync(server.Postgres, Plan);
        var cpu = cluster.Start("c0", "cpu");
        await cpu.UntilAsync("silos c0; segment waits for a GPU silo: none", limit.Token);
        var small = cluster.Start("s0", "gpu", ("gpu-memory", "8MiB"));
        await cpu.UntilAsync("silos c0,s0; segment needs 16 MiB of GPU memory, and the largest GPU silo (s0) has 8.", limit.Token);

        var first = cluster.Start("g0", "gpu");
        await cpu.UntilAsync("silos c0,g0,s0; ", limit.Token);
        await cluster.UntilAsync(() => cluster.Begun("g0") > 0, Soon);
        var second = cluster.Start("g1", "gpu");
        await cpu.UntilAsync("silos c0,g0,g1,s0; ", limit.Token);
        var joined = Stopwatch.GetTimestamp();
        await cluster.UntilAsync(() => cluster.Begun("g1") > 0, Soon);
        output.WriteLine($"a GPU silo that joins works {Stopwatch.GetElapsedTime(joined).TotalSeconds:F1} s after it is seen");

        await first.SignalAsync("TERM");
        Assert.Equal(0, await first.EndedAsync(limit.Token));
        await cluster.EndsAsPlannedAsync(Limit);

        Assert.Equal(0, cluster.Begun("s0"));
        Assert.Empty(Diary.Twice(cluster.Diaries));
        Assert.Equal(0, await cluster.CountAsync("SELECT COUNT(*) FROM medgen_ledger.item WHERE attempts <> 0"));
    }

    [PostgresFact]
    public async Task What_lies_on_a_gpu_silo_that_hangs_is_killed_or_stands_still_is_done_elsewhere()
    {
        await using var cluster = await SimulatedCluster.CreateAsync(server.Postgres, Plan);
        cluster.Start("c0", "cpu", ("lane-limit", "8"), ("lane-ask", "2"));
        cluster.Start("hangs", "gpu");
        var still = cluster.Start("still", "gpu");
        var killed = cluster.Start("killed", "gpu");
        await cluster.UntilAsync(() => cluster.Begun("hangs") > 0 && cluster.Begun("still") > 0 && cluster.Begun("killed") > 0, Soon);

        cluster.Hang("hangs");
        await still.SignalAsync("STOP");
        killed.Kill();
        var gone = Stopwatch.GetTimestamp();
        cluster.Start("lives", "gpu");
        await cluster.UntilAsync(() => Diary.Read(cluster.Diaries)["lives"].Intersect(Diary.Read(cluster.Diaries)["killed"]).Any(), Soon);
        output.WriteLine($"what a killed GPU silo had is begun elsewhere after {Stopwatch.GetElapsedTime(gone).TotalSeconds:F1} s");

        await cluster.EndsAsPlannedAsync(Limit);
        Assert.Contains(cluster.Ledger.Items(new()), item => cluster.Ledger.Trail(item.Seq).Any(line => line.Decision.Reason?.Contains("The lane of hangs gave no result within", StringComparison.Ordinal) == true));
    }
}
