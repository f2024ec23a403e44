using System.Net;
using MedGenCluster.Grains.Lanes;

namespace MedGenCluster.Grains.Tests.Lanes;

public sealed class LaneWindowTests
{
    private static readonly DateTimeOffset Now = new(2025, 7, 8, 0, 0, 0, TimeSpan.Zero);

    private readonly LaneWindow _lane = new(SiloAddress.New(IPAddress.Loopback, 1, 1), "gpu", "16/gpu/caption");

    [Fact]
    public void A_lane_that_has_not_told_its_capacity_gets_a_few() => Assert.Equal(4, TakeAll());

    [Fact]
    public void The_window_opens_with_what_the_lane_takes_and_reports_up_to_its_capacity()
    {
        TakeAll();
        _lane.Accepted(7);
        _lane.Reported();

        Assert.Equal(3, TakeAll());

        for (var i = 0; i < 20; i++)
        {
            _lane.Accepted(7);
        }

        TakeAll();
        Assert.Equal(7, _lane.InFlight);
        Assert.Equal(1, _lane.Load);
    }

    [Fact]
    public void A_busy_lane_is_left_with_what_it_has()
    {
        TakeAll();
        _lane.Refused(8);

        Assert.Equal(3, _lane.InFlight);
        Assert.False(_lane.HasRoom(Now));

        _lane.Reported();
        Assert.True(_lane.HasRoom(Now));
    }

    [Fact]
    public void A_lane_that_is_busy_with_others_is_still_asked_with_one()
    {
        _lane.Take();
        _lane.Refused(8);

        Assert.Equal(1, TakeAll());
    }

    [Fact]
    public void A_lane_is_not_asked_before_its_time()
    {
        _lane.NotBefore = Now.AddSeconds(1);

        Assert.False(_lane.HasRoom(Now));
        Assert.True(_lane.HasRoom(Now.AddSeconds(1)));
    }

    [Fact]
    public void A_lane_that_hung_is_left_alone_longer_each_time_and_tried_with_one()
    {
        var limit = TimeSpan.FromMinutes(20);
        _lane.Take();
        _lane.Take();
        _lane.Hung(Now, limit);
        _lane.Reported();
        _lane.Hung(Now, limit);
        _lane.Reported();
        Assert.False(_lane.HasRoom(Now + limit - TimeSpan.FromSeconds(1)));
        Assert.True(_lane.HasRoom(Now + limit));

        _lane.Take();
        Assert.False(_lane.HasRoom(Now + limit));
        _lane.Hung(Now + (2 * limit), limit);
        _lane.Reported();
        Assert.False(_lane.HasRoom(Now + (4 * limit) - TimeSpan.FromSeconds(1)));

        _lane.Answered();
        _lane.Hung(Now + (4 * limit), limit);
        Assert.Equal(Now + (5 * limit), _lane.NotBefore);
    }

    [Fact]
    public void What_was_lost_on_the_way_leaves_room()
    {
        TakeAll();
        _lane.Lost();

        Assert.Equal(1, TakeAll());
    }

    private int TakeAll()
    {
        var taken = 0;
        while (_lane.HasRoom(Now))
        {
            _lane.Take();
            taken++;
        }

        return taken;
    }
}
