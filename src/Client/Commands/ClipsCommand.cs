using System.CommandLine;
using System.Globalization;
using MedGenCluster.Client.Workplaces;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Views;
using Spectre.Console;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen clips</c>: lists clips, or shows one clip's or video's whole trail.</summary>
internal static class ClipsCommand
{
    public static Command Build()
    {
        var id = new Argument<string?>("id") { Description = "A clip or video: shows its scores and every decision.", DefaultValueFactory = _ => null };
        var outcome = new Option<Outcome?>("--outcome") { Description = "accepted, rejected, failed or active." };
        var stage = new Option<string?>("--stage") { Description = "The stage where the clips are or ended.", HelpName = "name" };
        var videos = new Option<bool>("--videos") { Description = "List videos instead of clips." };
        var limit = new Option<int>("--limit") { Description = "Rows at the most.", DefaultValueFactory = _ => 50 };
        var command = new Command("clips", "List clips with what was decided, or show one.") { id, Shared.Job, outcome, stage, videos, limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            await using var workplace = Shared.Workplace(parsed);
            if (parsed.GetValue(id) is { } one)
            {
                return await ShowAsync(workplace, output, one, cancellationToken);
            }

            if (parsed.GetValue(stage) is { } named && !StageNames.TryParse(named, out _))
            {
                return Output.Fail($"there is no stage {named}; there are {string.Join(", ", StageNames.All)}.", ExitCodes.Usage);
            }

            var kind = parsed.GetValue(videos) ? "video" : "clip";
            var filter = new ItemFilter(
                kind, parsed.GetValue(Shared.Job), parsed.GetValue(outcome) is { } o ? Words.Of(o) : null, parsed.GetValue(stage), parsed.GetValue(limit));
            var table = Output.NewTable(kind, "outcome", "stage", ">score", "reason");
            await foreach (var item in workplace.ItemsAsync(filter, cancellationToken))
            {
                output.Value(Summary(item));
                table.AddRow(item.Id, item.Outcome, item.Stage, Number(item.Score), Markup.Escape(item.DuplicateOf is { } of ? "duplicate of " + of : item.Reason ?? ""));
            }

            output.Table(table);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<int> ShowAsync(IWorkplace workplace, Output output, string id, CancellationToken cancellationToken)
    {
        if (await workplace.ItemAsync(id, cancellationToken) is not { } detail)
        {
            return Output.Fail($"there is no clip or video {id}; `medgen clips` lists them.", ExitCodes.Unavailable);
        }

        var item = detail.Item;
        output.Value(new { Item = Summary(item), detail.Facts, detail.Caption, detail.Scores, detail.Measurements, detail.Trail, detail.Edits, detail.Provenance });
        output.Line($"{item.Kind} {item.Id}: {item.Outcome} at {item.Stage} {item.Reason}");
        if (await workplace.MediaAsync(detail, cancellationToken) is { } media)
        {
            output.Line("media " + media);
        }

        var table = Output.NewTable("time", "stage", "verdict", ">score", ">threshold", "reason", "model");
        foreach (var entry in detail.Trail)
        {
            table.AddRow(
                entry.At.ToString("u", CultureInfo.InvariantCulture), entry.Stage, entry.Verdict, Number(entry.Score), Number(entry.Threshold),
                Markup.Escape(entry.Reason ?? ""), Markup.Escape(entry.ModelVersion));
        }

        output.Table(table);
        foreach (var m in detail.Measurements.Where(m => m.Scores.Count > 0))
        {
            output.Line($"{m.Stage,-18} " + string.Join("  ", m.Scores.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} {Number(s.Value)}")));
        }

        return ExitCodes.Ok;
    }

    private static object Summary(ItemSummary item) => new
    {
        item.Id,
        item.Job,
        item.Outcome,
        item.Stage,
        item.Reason,
        item.Score,
        item.Attempts,
        item.DuplicateOf,
        item.Sha256,
    };

    private static string Number(double? value) => value is { } v ? v.ToString("0.####", CultureInfo.InvariantCulture) : "";
}
