using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Hosting.Placement;
using MedGenCluster.Grains.Tests.Support;

namespace MedGenCluster.Grains.Tests.Hosting.Placement;

public sealed class RolePlacementTests(PostgresCluster postgres) : IClassFixture<PostgresCluster>
{
    private const long GiB = 1L << 30;

    [PostgresFact]
    public async Task A_lane_is_placed_by_role_memory_and_name_from_either_side()
    {
        var settings = postgres.NewCluster();
        await using var cpu = await TestSilo.StartAsync(settings with { SiloName = "cpu", Role = SiloRole.Cpu });
        await using var small = await TestSilo.StartAsync(settings with { SiloName = "small", Role = SiloRole.Gpu, GpuMemory = 8 * GiB });
        await using var large = await TestSilo.StartAsync(settings with { SiloName = "large", Role = SiloRole.Gpu, GpuMemory = 24 * GiB });
        await TestSilo.FormAsync(cpu, small, large);

        foreach (var (silo, stage) in ((TestSilo, StageId)[])[(cpu, StageId.Caption), (small, StageId.Aesthetics), (large, StageId.Joint)])
        {
            Assert.Equal("large", await Where(silo, new LaneKey(24 * 1024, LaneKey.AnySilo, stage)));
            Assert.Equal("small", await Where(silo, new LaneKey(8 * 1024, "small", stage)));
            Assert.Equal("large", await Where(silo, new LaneKey(1, "large", stage)));
        }
    }

    [PostgresFact]
    public async Task A_grain_of_the_cpu_role_is_never_placed_on_a_gpu_silo()
    {
        var settings = postgres.NewCluster();
        await using var gpu = await TestSilo.StartAsync(settings with { SiloName = "gpu", Role = SiloRole.Gpu, GpuMemory = GiB });
        await using var cpu = await TestSilo.StartAsync(settings with { SiloName = "cpu", Role = SiloRole.Cpu });
        await TestSilo.FormAsync(gpu, cpu);

        var places = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => gpu.Grains.GetGrain<INoteGrain>($"{number}").WhereAsync()));

        Assert.All(places, place => Assert.Equal("cpu", place));
    }

    [PostgresFact]
    public async Task A_lane_that_no_silo_would_do_for_is_placed_when_one_has_joined()
    {
        var settings = postgres.NewCluster();
        var lane = new LaneKey(1024, LaneKey.AnySilo, StageId.Caption);
        await using var cpu = await TestSilo.StartAsync(settings with { SiloName = "cpu", Role = SiloRole.Cpu });
        await Assert.ThrowsAsync<OrleansException>(() => Where(cpu, lane));

        await using var gpu = await TestSilo.StartAsync(settings with { SiloName = "gpu", Role = SiloRole.Gpu, GpuMemory = GiB });
        await TestSilo.FormAsync(cpu, gpu);

        Assert.Equal("gpu", await Where(cpu, lane));
    }

    [Theory]
    [InlineData("1024/*/caption")]
    [InlineData("1/nobody/caption")]
    public async Task A_call_that_no_silo_will_do_for_fails_at_once(string key)
    {
        await using var cpu = await TestSilo.StartAsync(new ClusterSettings { Role = SiloRole.Cpu });
        await TestSilo.FormAsync(cpu);

        var error = await Assert.ThrowsAsync<OrleansException>(() => cpu.Grains.GetGrain<ILaneGrain>(key).WhereAsync());

        Assert.StartsWith("No active nodes are compatible with grain", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_no_lanes_fails_with_what_it_should_be()
    {
        await using var silo = await TestSilo.StartAsync(new ClusterSettings { GpuMemory = GiB });
        await TestSilo.FormAsync(silo);

        await Assert.ThrowsAsync<FormatException>(() => silo.Grains.GetGrain<ILaneGrain>("caption").WhereAsync());
        Assert.Equal(Environment.MachineName, await silo.Grains.GetGrain<ILaneGrain>("1024/*/caption").WhereAsync());
    }

    private static Task<string> Where(TestSilo silo, LaneKey key) => silo.Grains.GetGrain<ILaneGrain>(key.ToString()).WhereAsync();
}
