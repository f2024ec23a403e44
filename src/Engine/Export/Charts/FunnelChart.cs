namespace MedGenCluster.Engine.Export.Charts;

/// <summary>What each stage removed and what remained, in the form of figure 4 of arXiv 2507.05675. Stages that count different things
/// (videos, clips) stand under separate headings with separate scales.</summary>
public sealed record FunnelChart
{
    private const double Top = 84, RowHeight = 44, HeadingHeight = 30, Left = 168, Right = 20, Bottom = 20;

    public required string Title { get; init; }

    public required ExportFunnel Funnel { get; init; }

    /// <summary>The chart as SVG, 720 pixels wide, as high as its stages need.</summary>
    public string ToSvg()
    {
        var groups = Groups();
        var headings = groups.Count > 1 ? groups.Count : 0;
        var height = Top + headings * HeadingHeight + Math.Max(2, Funnel.Rows.Count) * RowHeight + Bottom;
        var about = groups.Count == 0
            ? "no stages"
            : string.Join(" · ", groups.Select(g => $"{Numbers.Count(g[0].In, g[0].Unit)} to {Numbers.Count(g[^1].Remaining)}"));
        using var svg = new SvgCanvas(ChartStyle.Width, height, Title, about);
        ChartFrame.Heading(svg, Title, about);
        if (groups.Count == 0)
        {
            svg.Text(ChartStyle.Width / 2, height / 2 + 20, "no data", Anchor.Middle, 15, ChartStyle.Muted);
            return svg.Finish();
        }

        Legend(svg);
        var y = Top;
        foreach (var group in groups)
        {
            if (headings > 0)
            {
                svg.Text(20, y + 18, group[0].Unit, size: 13, bold: true);
                svg.Line(20, y + 24, ChartStyle.Width - Right, y + 24, ChartStyle.Grid);
                y += HeadingHeight;
            }

            var most = Math.Max(1, group.Max(r => r.In));
            foreach (var row in group)
            {
                Row(svg, row, y, most);
                y += RowHeight;
            }
        }

        return svg.Finish();
    }

    private static void Row(SvgCanvas svg, ExportFunnelRow row, double y, long most)
    {
        var x = new Scale(0, most, Left, ChartStyle.Width - Right - 214);
        var (kept, gone) = (x.At(row.Remaining) - Left, x.At(row.Remaining + row.Removed) - x.At(row.Remaining));
        svg.Text(Left - 12, y + 17, ChartStyle.Fit(row.Stage, Left - 30, 13), Anchor.End, 13, tooltip: row.Stage);
        svg.Rect(Left, y + 2, kept, 22, ChartStyle.Blue, $"{row.Stage}: {Numbers.Count(row.Remaining)} {row.Unit} remain");
        svg.Rect(Left + kept, y + 2, gone, 22, ChartStyle.Orange, $"{row.Stage}: {Numbers.Count(row.Removed)} {row.Unit} removed");
        var end = Left + kept + gone;
        if (row.Unfinished > 0)
        {
            svg.Rect(end, y + 2, x.At(row.In) - end, 22, ChartStyle.Grey, $"{row.Stage}: {Numbers.Count(row.Unfinished)} {row.Unit} failed or under way");
            end = x.At(row.In);
        }

        var counts = row.Removed == 0
            ? $"{Numbers.Count(row.Remaining)}"
            : $"{Numbers.Count(row.Remaining)} · −{Numbers.Count(row.Removed)} ({Numbers.Percent(row.Removed, row.In)})";
        svg.Text(end + 8, y + 17, counts);
        var reasons = string.Join(" · ", row.RemovedByReason.Where(r => r.Value > 0)
            .OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key} {Numbers.Count(r.Value)}"));
        if (row.Unfinished > 0)
            reasons += (reasons.Length > 0 ? " · " : "") + $"failed or under way {Numbers.Count(row.Unfinished)}";
        if (reasons.Length > 0)
            svg.Text(Left, y + 37, ChartStyle.Fit(reasons, ChartStyle.Width - Right - Left, 11), size: 11, fill: ChartStyle.Muted, tooltip: reasons);
    }

    private void Legend(SvgCanvas svg)
    {
        var x = Left;
        Entry("remaining", ChartStyle.Blue);
        Entry("removed", ChartStyle.Orange);
        if (Funnel.Rows.Any(r => r.Unfinished > 0))
            Entry("failed or under way", ChartStyle.Grey);

        void Entry(string name, string fill)
        {
            svg.Rect(x, 60, 12, 12, fill);
            svg.Text(x + 18, 70, name, fill: ChartStyle.Muted);
            x += 34 + ChartStyle.TextWidth(name);
        }
    }

    private List<List<ExportFunnelRow>> Groups()
    {
        var groups = new List<List<ExportFunnelRow>>();
        foreach (var row in Funnel.Rows)
        {
            if (groups.Count == 0 || groups[^1][0].Unit != row.Unit)
                groups.Add([]);
            groups[^1].Add(row);
        }

        return groups;
    }
}
