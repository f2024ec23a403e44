using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen jobs</c> with pause, resume and cancel.</summary>
internal static class JobsCommand
{
    private const int SkippedRows = 10_000;

    public static Command Build()
    {
        var command = new Command("jobs", "List the jobs, or pause, resume or cancel one.")
        {
            Change("pause", "Stop handing out a job's work."),
            Change("resume", "Go on with a paused, cancelled or failed job."),
            Change("cancel", "Stop a job; what is done stays."),
            Skipped(),
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            await using var workplace = Shared.Workplace(parsed);
            var table = Output.NewTable(">job", "name", "state", ">videos", ">known", ">skipped", ">clips", ">accepted", ">failed", "submitted");
            foreach (var job in await workplace.JobsAsync(cancellationToken))
            {
                output.Value(new
                {
                    job.Id, job.Name, job.State, Source = new { Kind = job.SourceKind, Location = job.Source }, job.Found, job.Known, job.Skipped, job.Clips, job.Accepted, job.Failed, job.Error,
                    job.CreatedAt,
                });
                table.AddRow(
                    job.Id.ToString(CultureInfo.InvariantCulture), Markup.Escape(job.Name), job.State, job.Videos.ToString("N0", CultureInfo.InvariantCulture),
                    job.Known.ToString(CultureInfo.InvariantCulture), job.Skipped.ToString(CultureInfo.InvariantCulture), job.Clips.ToString("N0", CultureInfo.InvariantCulture),
                    job.Accepted.ToString("N0", CultureInfo.InvariantCulture), job.Failed.ToString(CultureInfo.InvariantCulture), job.CreatedAt.ToString("u", CultureInfo.InvariantCulture));
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
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            await using var workplace = Shared.Workplace(parsed);
            var number = parsed.GetValue(job);
            if ((await workplace.JobsAsync(cancellationToken)).All(row => row.Id != number))
            {
                return Output.Fail($"there is no job {number}; `medgen jobs` lists them.", ExitCodes.Usage);
            }

            foreach (var row in await workplace.SkippedAsync(number, SkippedRows, cancellationToken))
            {
                output.Value(new { Job = number, row.Where, row.Reason });
                output.Line($"{row.Where}: {row.Reason}");
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Change(string name, string description)
    {
        var job = new Argument<long>("job") { Description = "The job's number." };
        var command = new Command(name, description) { job };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var workplace = Shared.Workplace(parsed);
            var changed = await workplace.ChangeJobAsync(parsed.GetValue(job), name, cancellationToken);
            var output = Shared.Output(parsed);
            output.Value(new { Job = changed.Id, changed.State });
            output.Line($"job {changed.Id} is {changed.State}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
