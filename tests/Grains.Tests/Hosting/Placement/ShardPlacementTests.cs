using System.Net;
using MedGenCluster.Grains.Hosting.Placement;

namespace MedGenCluster.Grains.Tests.Hosting.Placement;

public sealed class ShardPlacementTests
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 20).SelectMany(job => Enumerable.Range(0, 64).Select(shard => $"{job}/{shard}"))];

    [Fact]
    public void The_order_in_which_silos_come_is_nothing()
    {
        var silos = Silos(7);

        Assert.All(Keys, key => Assert.Equal(ShardPlacement.Choose(key, silos), ShardPlacement.Choose(key, silos.Reverse())));
    }

    [Fact]
    public void Shards_spread_evenly()
    {
        foreach (var count in (int[])[2, 3, 5, 8])
        {
            var share = Keys.GroupBy(key => ShardPlacement.Choose(key, Silos(count))).Select(group => group.Count() * count / (double)Keys.Length).ToList();

            Assert.Equal(count, share.Count);
            Assert.All(share, one => Assert.InRange(one, 0.75, 1.25));
        }
    }

    [Fact]
    public void A_silo_that_joins_takes_its_part_and_moves_no_other()
    {
        var before = Silos(4);
        var after = Silos(5);

        var moved = Keys.Where(key => ShardPlacement.Choose(key, before) != ShardPlacement.Choose(key, after)).ToList();

        Assert.All(moved, key => Assert.Equal(after[4], ShardPlacement.Choose(key, after)));
        Assert.InRange(moved.Count, Keys.Length / 7, Keys.Length / 4);
    }

    [Fact]
    public void A_silo_that_goes_leaves_its_own_shards_alone()
    {
        var before = Silos(5);
        SiloAddress[] after = [.. before.Where((_, index) => index != 2)];

        Assert.All(Keys.Where(key => ShardPlacement.Choose(key, before) != before[2]), key => Assert.Equal(ShardPlacement.Choose(key, before), ShardPlacement.Choose(key, after)));
    }

    [Fact]
    public void A_silo_that_is_started_again_has_its_shards_back()
    {
        var before = Silos(3);
        SiloAddress[] after = [before[0], SiloAddress.New(before[1].Endpoint, before[1].Generation + 1), before[2]];

        Assert.All(Keys, key => Assert.Equal(ShardPlacement.Choose(key, before).Endpoint, ShardPlacement.Choose(key, after).Endpoint));
        // While both incarnations are listed, the later is meant.
        Assert.All(Keys, key => Assert.NotEqual(before[1], ShardPlacement.Choose(key, [.. before, after[1]])));
    }

    [Fact]
    public void The_choice_is_the_same_in_every_version()
    {
        Assert.Equal("1, 1, 0, 1, 1, 2", string.Join(", ", Enumerable.Range(0, 6).Select(shard => Array.IndexOf(Silos(3), ShardPlacement.Choose($"1/{shard}", Silos(3))))));
    }

    [Fact]
    public void Without_a_silo_there_is_no_choice()
    {
        Assert.Throws<ArgumentException>(() => ShardPlacement.Choose("1/0", []));
    }

    private static SiloAddress[] Silos(int count) => [.. Enumerable.Range(1, count).Select(number => SiloAddress.New(IPAddress.Parse($"10.0.0.{number}"), 11111, 1000 + number))];
}
