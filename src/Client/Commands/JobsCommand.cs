using System.CommandLine;
using System.Globalization;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Silo;
using Spectre.Console;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen jobs</c> with pause, resume and cancel.</summary>
internal static class JobsCommand
{
    public static Command Build()
    {
        var command = new Command("jobs", "List the jobs, or pause, resume or cancel one.")
        {
            Change("pause", "Stop handing out a job's work.", JobEvent.PauseRequested),
            Change("resume", "Go on with a paused, cancelled or failed job.", JobEvent.ResumeRequested),
            Change("cancel", "Stop a job; what is done stays.", JobEvent.CancelRequested),
            Skipped(),
        };
        command.SetAction(async (parsed, _) =>
        {
            var output = Shared.Output(parsed);
            await using var host = CurationHost.Open(Shared.Host(parsed));
            var table = Output.NewTable(">job", "name", "state", ">videos", ">known", ">skipped", ">clips", ">accepted", ">failed", "submitted");
            foreach (var job in await host.Ledger.JobsAsync())
            {
                var funnel = host.Funnel(job.Id);
                output.Value(new { job.Id, job.Name, job.State, job.Source, job.Found, job.Known, job.Skipped, funnel.Clips, funnel.Accepted, funnel.Failed, job.Error, job.CreatedAt });
                table.AddRow(
                    job.Id.ToString(CultureInfo.InvariantCulture), Markup.Escape(job.Name), job.State.ToString().ToLowerInvariant(), funnel.Videos.ToString("N0", CultureInfo.InvariantCulture),
                    job.Known.ToString(CultureInfo.InvariantCulture), job.Skipped.ToString(CultureInfo.InvariantCulture), funnel.Clips.ToString("N0", CultureInfo.InvariantCulture),
                    funnel.Accepted.ToString("N0", CultureInfo.InvariantCulture), funnel.Failed.ToString(CultureInfo.InvariantCulture), job.CreatedAt.ToString("u", CultureInfo.InvariantCulture));
            }

            output.Table(table);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Skipped()
    {
        var job = new Argument<long>("job") { Description = "The job's number." };
        var command = new Command("skipped", "Show what a job's source holds that could not be used, and whether its listing was incomplete.") { job };
        command.SetAction(async (parsed, _) =>
        {
            var output = Shared.Output(parsed);
            await using var host = CurationHost.Open(Shared.Host(parsed));
            var number = parsed.GetValue(job);
            if ((await host.Ledger.JobsAsync()).All(row => row.Id != number))
            {
                return Output.Fail($"there is no job {number}; `medgen jobs` lists them.", ExitCodes.Usage);
            }

            foreach (var row in host.Ledger.Skipped(number))
            {
                output.Value(new { Job = number, row.Where, row.Reason });
                output.Line($"{row.Where}: {row.Reason}");
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Change(string name, string description, JobEvent happened)
    {
        var job = new Argument<long>("job") { Description = "The job's number." };
        var command = new Command(name, description) { job };
        command.SetAction(async (parsed, _) =>
        {
            await using var host = CurationHost.Open(Shared.Host(parsed));
            var (state, _) = await host.Ledger.ChangeJobAsync(parsed.GetValue(job), happened);
            host.WakeOthers();
            var output = Shared.Output(parsed);
            output.Value(new { Job = parsed.GetValue(job), State = state });
            output.Line($"job {parsed.GetValue(job)} is {state.ToString().ToLowerInvariant()}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
