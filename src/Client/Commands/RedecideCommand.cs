using System.CommandLine;
using MedGenCluster.Engine.Redeciding;
using MedGenCluster.Silo;

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
            await using var host = CurationHost.Open(Shared.Host(parsed));
            var jobs = (await host.Ledger.JobsAsync()).Where(job => parsed.GetValue(Shared.Job) is not { } one || job.Id == one).ToList();
            if (jobs.Count == 0)
            {
                return Output.Fail("there is no such job; `medgen jobs` lists them.", ExitCodes.Usage);
            }

            using var held = host.Data.TryLock();
            if (held is null)
            {
                return Output.Fail($"another process works on {host.Data.Root}; stop it first.", ExitCodes.Unavailable);
            }

            foreach (var job in jobs)
            {
                var (options, errors) = OptionsPatch.Apply(job.Options, parsed.GetValue(CrawlCommand.Set) ?? []);
                if (errors.Count > 0)
                {
                    return Output.Fail(string.Join(Environment.NewLine + "        ", errors), ExitCodes.Usage);
                }

                var report = await host.RedecideAsync(job, options, cancellationToken);
                output.Value(new { Job = job.Id, report.Examined, report.Changed, report.AcceptedBefore, report.AcceptedAfter, report.Unmeasured });
                output.Line($"job {job.Id}: {report.Examined} videos and clips examined, {report.Changed} changed; accepted {report.AcceptedBefore} -> {report.AcceptedAfter}.");
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
