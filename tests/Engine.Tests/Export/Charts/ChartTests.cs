using System.Xml.Linq;
using MedGenCluster.Engine.Export;
using MedGenCluster.Engine.Export.Charts;

namespace MedGenCluster.Engine.Tests.Export.Charts;

public sealed class ChartTests
{
    public static TheoryData<double[]> Sets => [[], [8.99], [0, 0, 0], [-1e12, 1e12, 3], [double.NaN, 1], [1e300, 2], [5e-7, 6e-7], [-3, -2, -2.5], [0.1, 0.2, 0.3]];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Histogram_draws_any_set_inside_its_frame(double[] values)
    {
        foreach (var integral in (bool[])[false, true])
        {
            var svg = Parse(new Histogram { Title = "T", Quantity = "q", Values = values, Integral = integral, Marks = [new(3, "three")] }.ToSvg());
            var (width, height) = (Number(svg, "width"), Number(svg, "height"));
            foreach (var rect in Elements(svg, "rect"))
            {
                Assert.InRange(Number(rect, "x"), 0, width);
                Assert.InRange(Number(rect, "x") + Number(rect, "width"), 0, width);
                Assert.InRange(Number(rect, "y") + Number(rect, "height"), 0, height);
            }

            Assert.DoesNotContain("NaN", svg.ToString());
        }
    }

    [Fact]
    public void Histogram_without_numbers_says_so() =>
        Assert.Contains(Texts(new Histogram { Title = "T", Quantity = "q", Values = [] }.ToSvg()), t => t == "no data");

    [Fact]
    public void Histogram_names_its_axes_and_marks()
    {
        var texts = Texts(new Histogram { Title = "Duration", Quantity = "duration (s)", Values = [6, 7, 8], Marks = [new(6, "6: below is removed")] }.ToSvg());
        Assert.All(["Duration", "duration (s)", "clips", "6: below is removed", "3 clips · mean 7 · median 7 · 6 to 8"], t => Assert.Contains(t, texts));
    }

    [Fact]
    public void Mark_stands_where_its_value_is_on_the_axis()
    {
        var svg = Parse(new Histogram { Title = "T", Quantity = "q", Values = [0, 5, 10], Marks = [new(6, "six")] }.ToSvg());
        var mark = Elements(svg, "line").Single(l => l.Attribute("stroke-dasharray") is not null);
        var tick = Elements(svg, "text").Single(t => t.Value == "6");
        Assert.Equal(Number(tick, "x"), Number(mark, "x1"));
    }

    [Fact]
    public void Bins_hold_every_number_once()
    {
        var random = new Random(3);
        double[] values = [.. Enumerable.Range(0, 1000).Select(_ => Math.Round(random.NextDouble() * 40 - 7, 1))];
        Assert.Equal(1000, Bins.Of(values, integral: false).Counts.Sum());
        Assert.InRange(Bins.Of(values, integral: false).Counts.Count, 5, 60);
        double[] whole = [.. values.Select(Math.Floor)];
        var bins = Bins.Of(whole, integral: true);
        Assert.Equal(1000, bins.Counts.Sum());
        Assert.Equal(Math.Floor(bins.Width), bins.Width);
    }

    [Fact]
    public void Bin_counts_are_those_between_its_edges()
    {
        var bins = Bins.Of([0, 0.1, 0.1, 0.3, 0.4], integral: false);
        Assert.Equal((0, 0.1), (bins.Start, bins.Width));
        Assert.Equal([1, 2, 0, 2], bins.Counts);
    }

    [Fact]
    public void Whole_numbers_have_bins_centred_on_them()
    {
        var bins = Bins.Of([2, 3, 3, 5], integral: true);
        Assert.Equal((1.5, 1), (bins.Start, bins.Width));
        Assert.Equal([1, 2, 0, 1], bins.Counts);
    }

    [Theory]
    [InlineData(0, 10, 5, new[] { 0.0, 2, 4, 6, 8, 10 })]
    [InlineData(3.1, 4.4, 5, new[] { 3.5, 4.0 })]
    [InlineData(-1, 1, 4, new[] { -1.0, -0.5, 0, 0.5, 1 })]
    public void Ticks_are_round_and_inside(double min, double max, int most, double[] expected) =>
        Assert.Equal(expected, Ticks.Of(min, max, most).Values.Select(v => Math.Round(v, 9)));

    [Theory]
    [InlineData(0.5, 1, "1.0")]
    [InlineData(1000, 25000, "25,000")]
    [InlineData(0.02, 0, "0")]
    [InlineData(0.02, 0.3, "0.30")]
    [InlineData(2e9, 4e9, "4e9")]
    public void Tick_labels_have_the_decimals_of_the_step(double step, double value, string expected) => Assert.Equal(expected, new Ticks(step, []).Label(value));

    [Fact]
    public void Bar_chart_lists_the_most_frequent_first_and_joins_the_rarest()
    {
        var texts = Texts(new BarChart { Title = "T", Counts = Enumerable.Range(1, 20).ToDictionary(i => $"name{i:D2}", i => (long)i) }.ToSvg())
            .Where(t => t.StartsWith("name", StringComparison.Ordinal) || t.EndsWith("others", StringComparison.Ordinal)).ToArray();
        Assert.Equal("name20", texts[0]);
        Assert.Equal("5 others", texts[^1]);
        Assert.Equal(16, texts.Length);
    }

    [Fact]
    public void Funnel_draws_bars_in_proportion_and_counts_beside_them()
    {
        var svg = new FunnelChart
        {
            Title = "Funnel",
            Funnel = new([new("borders", "clips", 100, new Dictionary<string, long> { ["bar"] = 25 }, 75), new("joint", "clips", 75, new Dictionary<string, long>(), 60)]),
        }.ToSvg();
        var bars = Elements(Parse(svg), "rect").Where(r => r.Elements().Any()).ToDictionary(r => r.Value, r => Number(r, "width"));

        Assert.Equal(3, bars["borders: 75 clips remain"] / bars["borders: 25 clips removed"], 2);
        Assert.Equal(4, bars["joint: 60 clips remain"] / bars["joint: 15 clips failed or under way"], 2);
        Assert.Contains("75 · −25 (25.0 %)", Texts(svg));
        Assert.Contains("bar 25", Texts(svg));
    }

    [Fact]
    public void Funnel_gives_each_unit_its_own_heading_and_scale()
    {
        var none = new Dictionary<string, long>();
        var svg = new FunnelChart { Title = "F", Funnel = new([new("a", "videos", 10, none, 10), new("b", "clips", 1000, none, 1000)]) }.ToSvg();
        var bars = Elements(Parse(svg), "rect").Where(r => r.Value.EndsWith("remain", StringComparison.Ordinal)).Select(r => Number(r, "width")).ToArray();
        Assert.Equal(bars[0], bars[1]);
        Assert.All(["videos", "clips"], unit => Assert.Contains(unit, Texts(svg)));
    }

    [Fact]
    public void Hostile_labels_are_text()
    {
        var svg = Parse(new BarChart { Title = "\u0000<x>", Counts = new Dictionary<string, long> { ["</text><script>1</script>\ud800"] = 1 } }.ToSvg());
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName is "script" or "x");
        Assert.Contains(svg.Descendants(), e => e.Name.LocalName == "title" && e.Value == "\ufffd<x>");
    }

    private static XElement Parse(string svg) => XDocument.Parse(svg).Root!;

    private static IEnumerable<XElement> Elements(XElement svg, string name) => svg.Elements().Where(e => e.Name.LocalName == name);

    // The words of a text element without those of its tooltip.
    private static string[] Texts(string svg) => [.. Elements(Parse(svg), "text").Select(t => string.Concat(t.Nodes().OfType<XText>().Select(n => n.Value)))];

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, System.Globalization.CultureInfo.InvariantCulture);
}
