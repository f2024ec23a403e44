using System.CommandLine;
using System.Globalization;
using MedGenCluster.Silo.Api.Contracts;
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
            var job = parsed.GetValue(Shared.Job);
            await using var workplace = Shared.Workplace(parsed);
            var failed = await workplace.FailuresAsync(job, cancellationToken);
            var wanted = parsed.GetValue(ids) ?? [];
            if (wanted.FirstOrDefault(id => !failed.Any(item => item.Id == id)) is { } unknown)
            {
                return Output.Fail($"{unknown} is not on the dead-letter list; `medgen retry` shows it.", ExitCodes.Usage);
            }

            if (wanted.Length > 0 || parsed.GetValue(all))
            {
                if (failed.Count > 0)
                {
                    await workplace.RetryAsync(wanted.Length > 0 ? new RetryRequest(wanted, job) : new RetryRequest(Job: job, All: true), cancellationToken);
                }

                return await workplace.WorkAsync(output, job, cancellationToken) ? await EngineSession.EndAsync(workplace, output, job, cancellationToken) : ExitCodes.Interrupted;
            }

            var table = Output.NewTable("item", "stage", ">attempts", "reason");
            foreach (var item in failed)
            {
                output.Value(new { item.Id, item.Job, item.Stage, item.Attempts, item.Reason });
                table.AddRow(item.Id, item.Stage, item.Attempts.ToString(CultureInfo.InvariantCulture), Markup.Escape(item.Reason ?? ""));
            }

            output.Table(table);
            output.Line(failed.Count == 0 ? "Nothing has failed." : "`medgen retry --all`, or the items' names, tries again.");
            return ExitCodes.Ok;
        });
        return command;
    }
}
