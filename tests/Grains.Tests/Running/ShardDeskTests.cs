using MedGenCluster.Engine.Ledger;
using MedGenCluster.Grains.Running;

namespace MedGenCluster.Grains.Tests.Running;

public sealed class ShardDeskTests
{
    private readonly ShardDesk _desk = new();

    [Fact]
    public void It_counts_videos_and_clips_apart()
    {
        _desk.Begin(1, 10, ItemKind.Video);
        _desk.Begin(2, 11, ItemKind.Clip);
        _desk.Begin(3, 12, ItemKind.Clip);
        Assert.Equal((1, 2), _desk.InFlight);

        Assert.True(_desk.End(1, 10));
        Assert.Equal((0, 2), _desk.InFlight);
        Assert.Equal(2, _desk.Count);
    }

    [Fact]
    public void The_end_of_an_older_operation_ends_nothing()
    {
        _desk.Begin(1, 10, ItemKind.Clip);

        Assert.False(_desk.End(1, 9));
        Assert.Contains(_desk.All(), begun => (begun.Item, begun.Number) == (1, 10));
        Assert.True(_desk.End(1, 10));
        Assert.False(_desk.End(1, 10));
    }

    [Fact]
    public void A_video_that_is_leased_anew_before_its_older_operation_has_ended_counts_once()
    {
        _desk.Begin(1, 10, ItemKind.Video);
        _desk.Begin(1, 11, ItemKind.Video);
        Assert.Equal((1, 0), _desk.InFlight);

        Assert.False(_desk.End(1, 10));
        Assert.True(_desk.End(1, 11));
        Assert.Equal((0, 0), _desk.InFlight);
    }

    [Fact]
    public void An_end_wakes_the_shard()
    {
        _desk.Begin(1, 10, ItemKind.Clip);
        var wake = _desk.Wake.Next;

        _desk.End(1, 10);

        Assert.True(wake.IsCompleted);
    }
}
