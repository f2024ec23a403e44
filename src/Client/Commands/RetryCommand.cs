using System.CommandLine;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Silo;
using Spectre.Console;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen retry</c>: the dead-letter list, and another try for what is on it.</summary>
internal static class RetryCommand
{
    public static Command Build()
    {
        var ids = new Argument<string[]>("ids") { Description = "Videos or clips to try again; none lists them.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "Try everything on the list again." };
        var command = new Command("retry", "List what failed, or try it again.") { ids, all, Shared.Job };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            await using var host = CurationHost.Open(Shared.Host(parsed));
            var failed = host.Ledger.Items(new ItemQuery(Job: parsed.GetValue(Shared.Job), Outcome: Outcome.Failed)).ToList();
            var wanted = parsed.GetValue(ids) ?? [];
            if (wanted.FirstOrDefault(id => !failed.Any(item => item.Id == id)) is { } unknown)
            {
                return Output.Fail($"{unknown} is not on the dead-letter list; `medgen retry` shows it.", ExitCodes.Usage);
            }

            if (wanted.Length == 0 && !parsed.GetValue(all))
            {
                var table = Output.NewTable("item", "stage", ">attempts", "reason");
                foreach (var item in failed)
                {
                    output.Value(new { item.Id, item.Job, Stage = item.State.Stage.Name(), item.State.Attempts, item.State.Reason });
                    table.AddRow(item.Id, item.State.Stage.Name(), item.State.Attempts.ToString(System.Globalization.CultureInfo.InvariantCulture), Markup.Escape(item.State.Reason ?? ""));
                }

                output.Table(table);
                output.Line(failed.Count == 0 ? "Nothing has failed." : "`medgen retry --all`, or the items' names, tries again.");
                return ExitCodes.Ok;
            }

            await host.RetryAsync([.. failed.Where(item => wanted.Length == 0 || wanted.Contains(item.Id))]);
            return await EngineSession.RunAsync(host, output, parsed.GetValue(Shared.Job), forever: false, cancellationToken);
        });
        return command;
    }
}
