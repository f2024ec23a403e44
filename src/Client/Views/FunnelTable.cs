using MedGenCluster.Silo.Api.Contracts;
using Spectre.Console;

namespace MedGenCluster.Client.Views;

/// <summary>The funnel as a table.</summary>
internal static class FunnelTable
{
    public static Table Of(FunnelView funnel)
    {
        var table = Output.NewTable("stage", ">in", ">passed", ">rejected", ">failed", ">waiting", "rejected because");
        var kind = "video";
        foreach (var row in funnel.Stages)
        {
            if (row.Kind != kind)
            {
                table.AddEmptyRow();
                kind = row.Kind;
            }

            table.AddRow(
                Markup.Escape($"{row.Kind} {row.Stage}"),
                Number(row.In), Number(row.Passed), Number(row.Rejected), Number(row.Failed), Number(row.Pending),
                Markup.Escape(string.Join(", ", row.Reasons.Select(reason => $"{reason.Reason} {reason.Count}"))));
        }

        return table;
    }

    /// <summary>The funnel as a JSON value.</summary>
    public static object Json(FunnelView funnel) => new
    {
        funnel.Videos,
        funnel.VideosEnded,
        funnel.Clips,
        funnel.ClipsEnded,
        funnel.Accepted,
        funnel.Failed,
        funnel.Progress,
        Stages = funnel.Stages.Select(row => new
        {
            row.Kind,
            row.Stage,
            row.In,
            row.Passed,
            row.Rejected,
            row.Failed,
            row.Pending,
            Reasons = row.Reasons.ToDictionary(reason => reason.Reason, reason => reason.Count),
        }),
    };

    private static string Number(long value) => value == 0 ? "[grey]·[/]" : value.ToString("N0");
}
