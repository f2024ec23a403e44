using MedGenCluster.Engine.Execution;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Tests.Support;
using MedGenCluster.Grains.Throughput;

namespace MedGenCluster.Grains.Tests.Throughput;

public sealed class ThroughputGrainTests
{
    private readonly ManualTime _time = new();
    private readonly ThroughputGrain _grain;

    public ThroughputGrainTests() => _grain = new ThroughputGrain(_time);

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    [Fact]
    public async Task Silos_of_one_second_are_summed()
    {
        await ReportAsync("a", new StageSecond(Now, StageId.Caption, 1, 2, 3, 0.5));
        await ReportAsync("b", new StageSecond(Now, StageId.Caption, 10, 20, 30, 0.25), new StageSecond(Now, StageId.Cut, 1, 0, 0, 1));

        Assert.Equal(
            [new StageSecond(Now, StageId.Cut, 1, 0, 0, 1), new StageSecond(Now, StageId.Caption, 11, 22, 33, 0.75)],
            (await _grain.SecondsAsync(0, CancellationToken.None)).OrderBy(second => second.Passed));
    }

    [Fact]
    public async Task What_the_ring_has_left_behind_does_not_come_back()
    {
        var first = Now;
        await ReportAsync("a", new StageSecond(first, StageId.Caption, 1, 0, 0, 0));
        _time.Advance(TimeSpan.FromSeconds(RecentWork.Kept));
        await ReportAsync("a", new StageSecond(Now, StageId.Caption, 2, 0, 0, 0));
        await ReportAsync("late", new StageSecond(first, StageId.Caption, 100, 0, 0, 0));

        Assert.Equal(2, Assert.Single(await _grain.SecondsAsync(0, CancellationToken.None)).Passed);
        Assert.Empty(await _grain.SecondsAsync(Now + 1, CancellationToken.None));
    }

    [Fact]
    public async Task A_silo_that_is_silent_is_told_of_no_more()
    {
        await ReportAsync("a");
        _time.Advance(TimeSpan.FromSeconds(6));
        await ReportAsync("b");
        Assert.Equal(["a", "b"], (await _grain.SilosAsync(CancellationToken.None)).Select(silo => silo.Name));

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["b"], (await _grain.SilosAsync(CancellationToken.None)).Select(silo => silo.Name));
    }

    private Task ReportAsync(string name, params StageSecond[] seconds) => _grain.ReportAsync(new SiloReport(name, "cpu", "", 1, 0, 0, null, [], seconds, null));
}
