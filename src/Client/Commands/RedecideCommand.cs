using System.CommandLine;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen redecide</c>: new thresholds over stored scores.</summary>
internal static class RedecideCommand
{
    public static Command Build()
    {
        var command = new Command("redecide", "Change options of jobs and decide again from the stored scores; no frame is decoded.") { Shared.Job, CrawlCommand.Set };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            var job = parsed.GetValue(Shared.Job);
            await using var workplace = Shared.Workplace(parsed);
            var jobs = await workplace.JobsAsync(cancellationToken);
            if (!jobs.Any(row => job is null || row.Id == job))
            {
                return Output.Fail("there is no such job; `medgen jobs` lists them.", ExitCodes.Usage);
            }

            var changes = CrawlCommand.Changes(parsed.GetValue(CrawlCommand.Set) ?? []);
            foreach (var report in (await workplace.RedecideAsync(job, changes, cancellationToken)).Jobs)
            {
                output.Value(report);
                output.Line($"job {report.Job}: {report.Examined} videos and clips examined, {report.Changed} changed; accepted {report.AcceptedBefore} -> {report.AcceptedAfter}.");
                if (report.Unmeasured > 0)
                {
                    output.Line($"  {report.Unmeasured} now need a measurement that was never taken: `medgen up --until-idle` takes it.");
                }
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
