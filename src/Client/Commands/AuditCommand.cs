using System.CommandLine;
using System.Globalization;
using MedGenCluster.Engine.Auditing;
using MedGenCluster.Silo.Api.Contracts;
using Spectre.Console;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen audit create|list|show|mark|export</c>: the acceptance of a stage by people (arXiv 2507.05675 section 3).</summary>
internal static class AuditCommand
{
    private static readonly Argument<long> Id = new("id") { Description = "The audit's number." };

    public static Command Build() => new("audit", "Draw samples of what passed a stage, and see how people marked them.") { Create(), List(), Show(), Mark(), Export() };

    private static Command Create()
    {
        var stage = new Option<string>("--stage") { Description = "Samples come from the items that passed it.", DefaultValueFactory = _ => "joint", HelpName = "name" };
        var size = new Option<int>("--size") { Description = "Samples, 1 to 2,000.", DefaultValueFactory = _ => 200, HelpName = "n" };
        var seed = new Option<long>("--seed") { Description = "The same seed over the same items draws the same samples.", DefaultValueFactory = _ => 1, HelpName = "n" };
        var name = new Option<string?>("--name") { Description = "Name of the audit; default: its stage and seed." };
        var command = new Command("create", "Draw the samples of an audit; they are marked in the dashboard.") { stage, size, seed, name, Shared.Job };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var workplace = Shared.Workplace(parsed);
            var request = new AuditRequest(parsed.GetValue(stage)!, parsed.GetValue(Shared.Job), parsed.GetValue(size), parsed.GetValue(seed), parsed.GetValue(name));
            var audit = await workplace.CreateAuditAsync(request, cancellationToken);
            var output = Shared.Output(parsed);
            output.Value(audit);
            output.Line($"audit {audit.Audit.Id}: {audit.Audit.Size} samples of {audit.Audit.Population:N0} that passed {audit.Audit.Stage}");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "List the audits with every rater's standing.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            await using var workplace = Shared.Workplace(parsed);
            var table = Output.NewTable(">audit", "name", "stage", ">samples", ">of", "raters");
            foreach (var audit in await workplace.AuditsAsync(cancellationToken))
            {
                output.Value(audit);
                table.AddRow(
                    audit.Id.ToString(CultureInfo.InvariantCulture), Markup.Escape(audit.Name), audit.Stage, audit.Size.ToString(CultureInfo.InvariantCulture),
                    audit.Population.ToString("N0", CultureInfo.InvariantCulture), Markup.Escape(string.Join(", ", audit.Raters.Select(Words))));
            }

            output.Table(table);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Show()
    {
        var command = new Command("show", "Show an audit's samples and marks.") { Id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            await using var workplace = Shared.Workplace(parsed);
            var audit = await workplace.AuditAsync(parsed.GetValue(Id), cancellationToken);
            output.Value(audit);
            var table = Output.NewTable(">position", "item", "title", "marks");
            foreach (var sample in audit.Samples)
            {
                table.AddRow(
                    sample.Position.ToString(CultureInfo.InvariantCulture), sample.Item.Id, Markup.Escape(sample.Item.Title ?? ""),
                    Markup.Escape(string.Join(", ", sample.Marks.OrderBy(mark => mark.Key, StringComparer.Ordinal).Select(mark => $"{mark.Key}: {mark.Value}"))));
            }

            output.Table(table);
            Standing(output, audit.Audit);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Mark()
    {
        var position = new Argument<int>("position") { Description = "The sample's position, from 0." };
        var mark = new Argument<string>("mark") { Description = "clean, slightly-noisy, noisy, or none to take a mark back." };
        mark.AcceptOnlyFromAmong("clean", "slightly-noisy", "noisy", "none");
        var rater = new Option<string>("--rater") { Description = "Who marks, 1 to 64 characters.", Required = true, HelpName = "name" };
        var command = new Command("mark", "Mark one sample; the dashboard does it with one key each.") { Id, position, mark, rater };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var who = parsed.GetValue(rater)!.Trim();
            if (!AuditBook.IsRater(who))
            {
                return Output.Fail($"--rater takes 1 to {AuditBook.MaxRater} visible characters.", ExitCodes.Usage);
            }

            var word = parsed.GetValue(mark);
            await using var workplace = Shared.Workplace(parsed);
            var audit = await workplace.MarkAsync(parsed.GetValue(Id), new MarkRequest(who, parsed.GetValue(position), word == "none" ? null : word), cancellationToken);
            var output = Shared.Output(parsed);
            output.Value(audit);
            Standing(output, audit);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Export()
    {
        var format = new Option<string>("--format") { Description = "csv or ndjson.", DefaultValueFactory = _ => "csv" };
        format.AcceptOnlyFromAmong("csv", "ndjson");
        var command = new Command("export", "Write all marks of an audit to standard output.") { Id, format };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var workplace = Shared.Workplace(parsed);
            await Console.Out.WriteAsync(await workplace.ExportAuditAsync(parsed.GetValue(Id), parsed.GetValue(format)!, cancellationToken));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Standing(Output output, AuditView audit)
    {
        foreach (var rater in audit.Raters)
        {
            output.Line(Words(rater));
        }

        foreach (var pair in audit.Agreement)
        {
            output.Line($"{pair.RaterA} and {pair.RaterB}: Cohen's kappa {(pair.Kappa is { } kappa ? kappa.ToString("0.###", CultureInfo.InvariantCulture) : "undefined")} over {pair.Common} samples");
        }
    }

    private static string Words(RaterStanding rater) => rater.Share is { } share
        ? string.Create(CultureInfo.InvariantCulture, $"{rater.Rater}: {rater.Marked} marked, {share * 100:0.#} % acceptable ({rater.Low * 100:0.#} to {rater.High * 100:0.#}), {rater.Verdict}")
        : $"{rater.Rater}: nothing marked";
}
