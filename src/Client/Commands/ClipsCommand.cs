using System.CommandLine;
using System.Globalization;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Silo;
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
        command.SetAction(async (parsed, _) =>
        {
            var output = Shared.Output(parsed);
            await using var host = CurationHost.Open(Shared.Host(parsed));
            if (parsed.GetValue(id) is { } one)
            {
                return await ShowAsync(host, output, one);
            }

            StageId? wanted = null;
            if (parsed.GetValue(stage) is { } stageName)
            {
                if (!StageNames.TryParse(stageName, out var parsedStage))
                {
                    return Output.Fail($"there is no stage {stageName}; there are {string.Join(", ", StageNames.All)}.", ExitCodes.Usage);
                }

                wanted = parsedStage;
            }

            var kind = parsed.GetValue(videos) ? ItemKind.Video : ItemKind.Clip;
            var table = Output.NewTable(kind == ItemKind.Video ? "video" : "clip", "outcome", "stage", ">score", "reason");
            foreach (var item in host.Ledger.Items(new ItemQuery(kind, parsed.GetValue(Shared.Job), parsed.GetValue(outcome), wanted, Limit: parsed.GetValue(limit))))
            {
                output.Value(Summary(item));
                table.AddRow(
                    item.Id, item.State.Outcome.ToString().ToLowerInvariant(), item.State.Stage.Name(), Number(item.State.Score),
                    Markup.Escape(item.DuplicateOf is { } of ? "duplicate of " + of : item.State.Reason ?? ""));
            }

            output.Table(table);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<int> ShowAsync(CurationHost host, Output output, string id)
    {
        if (await host.Ledger.FindAsync(id) is not { } item)
        {
            return Output.Fail($"there is no clip or video {id}; `medgen clips` lists them.", ExitCodes.Unavailable);
        }

        var measurements = host.Ledger.Measurements(item.Seq);
        var measured = Enum.GetValues<StageId>().Select(stage => measurements[stage]).OfType<Measurement>().ToList();
        var trail = host.Ledger.Trail(item.Seq);
        output.Value(new
        {
            Item = Summary(item),
            Facts = System.Text.Json.JsonDocument.Parse(item.Facts).RootElement,
            Measurements = measured.Select(m => new { Stage = m.Stage.Name(), m.ModelVersion, m.Scores, Data = m.Data is null ? (object?)null : System.Text.Json.JsonDocument.Parse(m.Data).RootElement }),
            Trail = trail.Select(t => new { t.At, Stage = t.Decision.Stage.Name(), t.Decision.Verdict, t.Decision.Reason, t.Decision.Score, t.Decision.Threshold, t.Decision.ModelVersion }),
        });
        output.Line($"{item.Kind.ToString().ToLowerInvariant()} {item.Id}: {item.State.Outcome.ToString().ToLowerInvariant()} at {item.State.Stage.Name()} {item.State.Reason}");
        if (item.Media is { } media)
        {
            output.Line("media " + await host.Media.OpenLocalAsync(media, CancellationToken.None));
        }

        var table = Output.NewTable("time", "stage", "verdict", ">score", ">threshold", "reason", "model");
        foreach (var (decision, at) in trail)
        {
            table.AddRow(
                at.ToString("u", CultureInfo.InvariantCulture), decision.Stage.Name(), decision.Verdict.ToString().ToLowerInvariant(), Number(decision.Score), Number(decision.Threshold),
                Markup.Escape(decision.Reason ?? ""), Markup.Escape(decision.ModelVersion));
        }

        output.Table(table);
        foreach (var m in measured.Where(m => m.Scores.Count > 0))
        {
            output.Line($"{m.Stage.Name(),-18} " + string.Join("  ", m.Scores.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} {Number(s.Value)}")));
        }

        return ExitCodes.Ok;
    }

    private static object Summary(LedgerItem item) => new
    {
        item.Id,
        item.Job,
        item.State.Outcome,
        Stage = item.State.Stage.Name(),
        item.State.Reason,
        item.State.Score,
        item.State.Attempts,
        item.DuplicateOf,
        Sha256 = item.Media?.Sha256,
    };

    private static string Number(double? value) => value is { } v ? v.ToString("0.####", CultureInfo.InvariantCulture) : "";
}
