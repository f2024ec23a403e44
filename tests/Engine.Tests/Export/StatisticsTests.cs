using MedGenCluster.Engine.Export;

namespace MedGenCluster.Engine.Tests.Export;

public sealed class StatisticsTests
{
    [Fact]
    public void Quartiles_are_interpolated_and_deviation_is_of_the_whole_set()
    {
        var s = Statistics.Of([4, 1, 3, 2])!;
        Assert.Equal((4, 2.5, 1, 1.75, 2.5, 3.25, 4), (s.Count, s.Mean, s.Min, s.Q1, s.Median, s.Q3, s.Max));
        Assert.Equal(Math.Sqrt(1.25), s.Std, 12);
    }

    [Fact]
    public void One_number_is_all_its_quartiles() => Assert.Equal(new Statistics(1, 7, 0, 7, 7, 7, 7, 7), Statistics.Of([7]));

    [Fact]
    public void No_finite_number_has_no_statistics() => Assert.Null(Statistics.Of([double.NaN, double.PositiveInfinity]));
}
