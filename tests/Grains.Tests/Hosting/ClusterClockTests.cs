using MedGenCluster.Grains.Hosting;
using MedGenCluster.Grains.Tests.Support;

namespace MedGenCluster.Grains.Tests.Hosting;

public sealed class ClusterClockTests
{
    private readonly ManualTime _machine = new();

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public async Task A_machine_whose_clock_is_off_goes_by_the_databases(int hours)
    {
        var clock = new ClusterClock(_machine);
        var theirs = _machine.GetUtcNow().AddHours(hours);

        await clock.SetAsync(_ => Task.FromResult(theirs), CancellationToken.None);

        Assert.Equal(theirs, clock.GetUtcNow());
        _machine.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(theirs.AddMinutes(1), clock.GetUtcNow());
    }

    [Fact]
    public async Task The_way_to_the_database_is_not_taken_for_a_difference()
    {
        var clock = new ClusterClock(_machine);

        await clock.SetAsync(
            _ =>
            {
                _machine.Advance(TimeSpan.FromSeconds(5));
                var theirs = _machine.GetUtcNow().AddHours(1);
                _machine.Advance(TimeSpan.FromSeconds(5));
                return Task.FromResult(theirs);
            },
            CancellationToken.None);

        Assert.Equal(TimeSpan.FromHours(1), clock.Off);
        await clock.SetAsync(_ => Task.FromResult(_machine.GetUtcNow().AddMilliseconds(300)), CancellationToken.None);
        Assert.Equal(TimeSpan.Zero, clock.Off);
    }
}
