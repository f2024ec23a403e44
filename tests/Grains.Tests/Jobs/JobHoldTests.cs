using MedGenCluster.Grains.Jobs;
using MedGenCluster.Grains.Tests.Support;

namespace MedGenCluster.Grains.Tests.Jobs;

public sealed class JobHoldTests
{
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly JobHold _hold;

    public JobHoldTests() => _hold = new JobHold(_time, Lasts);

    [Fact]
    public void One_holds_at_a_time_and_may_say_so_again()
    {
        Assert.True(_hold.TryTake("first"));
        Assert.True(_hold.TryTake("first"));
        Assert.False(_hold.TryTake("second"));
        Assert.True(_hold.IsHeld);
    }

    [Fact]
    public void Only_who_holds_lets_go()
    {
        _hold.TryTake("first");
        _hold.Release("second");
        Assert.True(_hold.IsHeld);

        _hold.Release("first");
        Assert.False(_hold.IsHeld);
        Assert.True(_hold.TryTake("second"));
    }

    [Fact]
    public void A_holder_that_is_silent_does_not_hold_for_ever()
    {
        _hold.TryTake("first");
        _time.Advance(Lasts - TimeSpan.FromSeconds(1));
        _hold.TryTake("first");
        _time.Advance(Lasts - TimeSpan.FromSeconds(1));
        Assert.True(_hold.IsHeld);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_hold.IsHeld);
        Assert.True(_hold.TryTake("second"));
    }
}
