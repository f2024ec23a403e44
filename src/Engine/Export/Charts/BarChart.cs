namespace MedGenCluster.Engine.Export.Charts;

/// <summary>Counts of named things as horizontal bars, the most frequent first.</summary>
public sealed record BarChart
{
    private const int MostRows = 16;
    private const double Top = 66, RowHeight = 30, Bottom = 56;

    public required string Title { get; init; }

    /// <summary>What is counted, below the axis.</summary>
    public string Counted { get; init; } = "clips";

    public required IReadOnlyDictionary<string, long> Counts { get; init; }

    /// <summary>The chart as SVG, 720 pixels wide, as high as its rows need. Beyond sixteen rows the rarest are taken together.</summary>
    public string ToSvg()
    {
        var rows = Rows();
        var total = rows.Sum(r => r.Count);
        var height = Top + Math.Max(2, rows.Count) * RowHeight + Bottom;
        var about = $"{Numbers.Count(total, Counted)} in {Numbers.Count(Counts.Count, "groups")}";
        using var svg = new SvgCanvas(ChartStyle.Width, height, Title, about);
        ChartFrame.Heading(svg, Title, about);
        if (total == 0)
            svg.Text(ChartStyle.Width / 2, (Top + height - Bottom) / 2 + 10, "no data", Anchor.Middle, 15, ChartStyle.Muted);
        else
            Draw(svg, rows, total, height - Bottom);
        return svg.Finish();
    }

    private void Draw(SvgCanvas svg, List<(string Name, long Count)> rows, long total, double bottom)
    {
        var labels = Math.Clamp(rows.Max(r => ChartStyle.TextWidth(r.Name, 13)) + 34, 90, 250);
        var most = rows.Max(r => r.Count);
        var x = new Scale(0, most, labels, ChartStyle.Width - 132);
        var ticks = Ticks.Of(0, most, 6, integral: true);
        foreach (var tick in ticks.Values)
            svg.Line(x.At(tick), Top, x.At(tick), bottom, ChartStyle.Grid);
        for (var i = 0; i < rows.Count; i++)
        {
            var (name, count) = rows[i];
            var y = Top + i * RowHeight;
            svg.Text(labels - 10, y + 19, ChartStyle.Fit(name, labels - 24, 13), Anchor.End, 13, tooltip: name);
            svg.Rect(labels, y + 4, x.At(count) - labels, RowHeight - 8, ChartStyle.Blue, $"{name}: {Numbers.Count(count, Counted)}");
            svg.Text(x.At(count) + 8, y + 19, $"{Numbers.Count(count)} ({Numbers.Percent(count, total)})", fill: ChartStyle.Muted);
        }

        ChartFrame.HorizontalAxis(svg, x, ticks, bottom, Counted);
    }

    private List<(string Name, long Count)> Rows()
    {
        var rows = Counts.Select(p => (p.Key, p.Value)).OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal).ToList();
        if (rows.Count <= MostRows)
            return rows;
        var rest = rows.Skip(MostRows - 1).ToList();
        return [.. rows.Take(MostRows - 1), ($"{rest.Count} others", rest.Sum(r => r.Value))];
    }
}
