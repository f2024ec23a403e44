namespace MedGenCluster.Engine.Export.Charts;

/// <summary>A linear map from data to pixels.</summary>
internal readonly record struct Scale(double Min, double Max, double From, double To)
{
    public double At(double value) => From + (value - Min) / (Max - Min) * (To - From);
}

/// <summary>The parts that charts share: heading and axes.</summary>
internal static class ChartFrame
{
    public static void Heading(SvgCanvas svg, string title, string about)
    {
        svg.Text(20, 30, ChartStyle.Fit(title, ChartStyle.Width - 40, ChartStyle.TitleSize), size: ChartStyle.TitleSize, bold: true);
        svg.Text(20, 49, ChartStyle.Fit(about, ChartStyle.Width - 40), fill: ChartStyle.Muted);
    }

    /// <summary>Grid lines and labels of a vertical axis, and its name along the left edge.</summary>
    public static void VerticalAxis(SvgCanvas svg, Scale y, Ticks ticks, double left, double right, string name)
    {
        foreach (var tick in ticks.Values)
        {
            svg.Line(left, y.At(tick), right, y.At(tick), ChartStyle.Grid);
            svg.Text(left - 8, y.At(tick) + 4, ticks.Label(tick), Anchor.End, fill: ChartStyle.Muted);
        }

        svg.Text(18, (y.From + y.To) / 2, name, Anchor.Middle, fill: ChartStyle.Muted, turned: true);
    }

    /// <summary>Base line, ticks and labels of a horizontal axis, and its name below.</summary>
    public static void HorizontalAxis(SvgCanvas svg, Scale x, Ticks ticks, double at, string name)
    {
        svg.Line(x.From, at, x.To, at, ChartStyle.Axis);
        foreach (var tick in ticks.Values)
        {
            svg.Line(x.At(tick), at, x.At(tick), at + 5, ChartStyle.Axis);
            svg.Text(x.At(tick), at + 19, ticks.Label(tick), Anchor.Middle, fill: ChartStyle.Muted);
        }

        svg.Text((x.From + x.To) / 2, at + 42, name, Anchor.Middle, size: 13);
    }
}
