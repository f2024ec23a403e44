using MedGenCluster.Curation.Quality;

namespace MedGenCluster.Curation.Tests.Quality;

public sealed class SplitMix64Tests
{
    [Fact]
    public void Begins_with_the_published_values_of_seed_zero()
    {
        var random = new SplitMix64(0);

        Assert.Equal([0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F], Enumerable.Range(0, 3).Select(_ => random.Next()));
    }

    [Fact]
    public void Draws_every_number_below_the_bound_about_equally_often()
    {
        var random = new SplitMix64(7);
        var counts = new int[6];
        for (var i = 0; i < 60_000; i++)
            counts[random.NextBelow(6)]++;

        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Fact]
    public void Refuses_a_bound_of_zero() => Assert.Throws<ArgumentOutOfRangeException>(() => new SplitMix64(1).NextBelow(0));
}
