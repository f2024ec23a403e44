namespace MedGenCluster.Engine.Export.Charts;

/// <summary>A line across a histogram.</summary>
/// <param name="Value">Position on the horizontal axis.</param>
/// <param name="Label">Words beside the line.</param>
public sealed record ChartMark(double Value, string Label);

/// <summary>How a set of numbers is distributed.</summary>
public sealed record Histogram
{
    private const double Left = 66, Right = 28, Bottom = 58, MarkRow = 16, PlotHeight = 226;

    public required string Title { get; init; }

    /// <summary>Name of the quantity with its unit, below the horizontal axis.</summary>
    public required string Quantity { get; init; }

    /// <summary>What is counted, along the vertical axis.</summary>
    public string Counted { get; init; } = "clips";

    /// <summary>Numbers; what is not finite, or beyond 1e100, is not drawn.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>True for counts, which get bins of whole width.</summary>
    public bool Integral { get; init; }

    public IReadOnlyList<ChartMark> Marks { get; init; } = [];

    /// <summary>The histogram as SVG, 720 pixels wide, 360 high and a little more for each mark.</summary>
    public string ToSvg()
    {
        var values = Values.Where(Drawable).ToArray();
        var about = Statistics.Of(values) is { } s
            ? $"{Numbers.Count(s.Count, Counted)} · mean {Numbers.Short(s.Mean)} · median {Numbers.Short(s.Median)} · {Numbers.Short(s.Min)} to {Numbers.Short(s.Max)}"
            : $"no {Counted}";
        using var svg = new SvgCanvas(ChartStyle.Width, Floor + Bottom, Title, $"Histogram of {Quantity}: {about}");
        ChartFrame.Heading(svg, Title, about);
        if (values.Length == 0)
            svg.Text(ChartStyle.Width / 2, Floor - PlotHeight / 2, "no data", Anchor.Middle, 15, ChartStyle.Muted);
        else
            Draw(svg, Bins.Of(values, Integral));
        return svg.Finish();
    }

    // Words on marks stand in rows of their own above the plot.
    private double Ceiling => 72 + MarkRow * Marks.Count(m => Drawable(m.Value));

    private double Floor => Ceiling + PlotHeight;

    private static bool Drawable(double value) => double.IsFinite(value) && Math.Abs(value) <= 1e100;

    private void Draw(SvgCanvas svg, Bins bins)
    {
        var marks = Marks.Where(m => Drawable(m.Value)).OrderBy(m => m.Value).ToArray();
        var min = marks.Select(m => m.Value - bins.Width / 2).Append(bins.Start).Min();
        var max = marks.Select(m => m.Value + bins.Width / 2).Append(bins.End).Max();
        // A lone bin gets neighbours, so that it is read as one value and not as a wall.
        var margin = bins.Counts.Count == 1 ? 3 * bins.Width : 0;
        var x = new Scale(min - margin, max + margin, Left, ChartStyle.Width - Right);
        var highest = Ticks.Of(0, bins.Counts.Max() * 1.08, 5, integral: true);
        var y = new Scale(0, Math.Max(bins.Counts.Max() * 1.08, highest.Step), Floor, Ceiling);

        ChartFrame.VerticalAxis(svg, y, highest, Left, ChartStyle.Width - Right, Counted);
        for (var i = 0; i < bins.Counts.Count; i++)
        {
            var (from, to) = (x.At(bins.Start + i * bins.Width), x.At(bins.Start + (i + 1) * bins.Width));
            var gap = to - from > 4 ? 0.75 : 0;
            if (bins.Counts[i] > 0)
                svg.Rect(from + gap, y.At(bins.Counts[i]), to - from - 2 * gap, y.At(0) - y.At(bins.Counts[i]), ChartStyle.Blue, Tooltip(bins, i));
        }

        ChartFrame.HorizontalAxis(svg, x, Ticks.Of(x.Min, x.Max, 9, Integral), Floor, Quantity);
        DrawMarks(svg, x, marks);
    }

    private string Tooltip(Bins bins, int i)
    {
        var (from, to) = (bins.Start + i * bins.Width, bins.Start + (i + 1) * bins.Width);
        var range = Integral && bins.Width == 1 ? Numbers.Short(from + 0.5) : $"{Numbers.Short(from)} to {Numbers.Short(to)}";
        return $"{range}: {Numbers.Count(bins.Counts[i], Counted)}";
    }

    /// <summary>Each mark has its row and its line starts there. Words to the left come first, from the right; then words to the right, from
    /// the left: so the words of one mark rarely meet the line of another.</summary>
    private void DrawMarks(SvgCanvas svg, Scale x, ChartMark[] marks)
    {
        var placed = marks.Select(m => (Mark: m, At: x.At(m.Value), ToRight: x.At(m.Value) + 8 + LabelWidth(m) < ChartStyle.Width - 8)).ToArray();
        (ChartMark Mark, double At, bool ToRight)[] rows = [.. placed.Where(m => !m.ToRight).Reverse(), .. placed.Where(m => m.ToRight)];
        for (var i = 0; i < rows.Length; i++)
            svg.Line(rows[i].At, RowLine(i) - 10, rows[i].At, Floor, ChartStyle.Vermillion, 2, "6 4");
        for (var i = 0; i < rows.Length; i++)
        {
            var (mark, at, toRight) = rows[i];
            var text = ChartStyle.Fit(mark.Label, toRight ? ChartStyle.Width - at : at - Left);
            // A plate of the ground's colour keeps the words readable where a line does pass.
            var width = ChartStyle.TextWidth(text);
            svg.Rect(toRight ? at + 4 : at - 6 - width, RowLine(i) - 11, width, 14, ChartStyle.Ground);
            svg.Text(toRight ? at + 7 : at - 7, RowLine(i), text, toRight ? Anchor.Start : Anchor.End, fill: ChartStyle.Vermillion, tooltip: mark.Label);
        }

        static double LabelWidth(ChartMark mark) => ChartStyle.TextWidth(mark.Label);

        static double RowLine(int row) => 74 + MarkRow * row;
    }
}
