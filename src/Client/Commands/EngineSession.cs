using MedGenCluster.Client.Views;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Reporting;
using MedGenCluster.Silo;
using MedGenCluster.Silo.Web;

namespace MedGenCluster.Client.Commands;

/// <summary>Runs the engine in this process with progress on the screen, or watches the process that runs it.</summary>
internal static class EngineSession
{
    /// <summary>Works until no job is running (or until Ctrl-C when <paramref name="forever"/>).</summary>
    /// <param name="web">How the host is reached meanwhile; null for not at all.</param>
    /// <returns>An exit code.</returns>
    public static async Task<int> RunAsync(CurationHost host, Output output, long? job, bool forever, CancellationToken cancellationToken, WebOptions? web = null)
    {
        using var held = host.Data.TryLock();
        if (held is null)
        {
            if (forever)
            {
                return Output.Fail($"another process already works on {host.Data.Root}; `medgen watch` shows it.", ExitCodes.Unavailable);
            }

            host.WakeOthers();
            return await WatchAsync(host, output, job, cancellationToken);
        }

        await using var engine = await host.CreateEngineAsync(cancellationToken);
        using var waker = host.WakeOnSignal(engine.Wake);
        await using var session = web is null ? null : await WebSelection.StartAsync(host, engine, web, output);
        var work = Task.Run(() => engine.RunAsync(untilIdle: !forever, cancellationToken), CancellationToken.None);
        await new ProgressView(output, () => host.Funnel(job), () => engine.Blocked, () => engine.Standstill).RunAsync(work);
        return cancellationToken.IsCancellationRequested && !forever ? ExitCodes.Interrupted : await EndAsync(host, output, job);
    }

    /// <summary>Watches until the job (or every job) is at rest.</summary>
    public static async Task<int> WatchAsync(CurationHost host, Output output, long? job, CancellationToken cancellationToken)
    {
        try
        {
            await new ProgressView(output, () => host.FreshFunnelAsync(job).GetAwaiter().GetResult(), () => null, () => null).RunAsync(UntilRestAsync());
            return await EndAsync(host, output, job);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Ok;
        }

        async Task UntilRestAsync()
        {
            while ((await host.Ledger.JobsAsync()).Any(row => row.State == JobState.Running && (job is null || row.Id == job)))
            {
                await Task.Delay(500, cancellationToken);
            }
        }
    }

    private static async Task<int> EndAsync(CurationHost host, Output output, long? job)
    {
        var funnel = await host.FreshFunnelAsync(job);
        output.Table(FunnelTable.Of(funnel));
        var jobs = (await host.Ledger.JobsAsync()).Where(row => job is null || row.Id == job).ToList();
        output.Value(new { Type = "result", Funnel = FunnelTable.Json(funnel), Jobs = jobs.Select(row => new { row.Id, row.Name, row.State, row.Found, row.Known, row.Skipped, row.Error }) });
        foreach (var failed in jobs.Where(row => row.State == JobState.Failed))
        {
            return Output.Fail($"job {failed.Id}: {failed.Error}", ExitCodes.Unavailable);
        }

        foreach (var row in jobs.Where(row => row.Skipped > 0))
        {
            var first = host.Ledger.Skipped(row.Id, 1)[0];
            output.Line($"job {row.Id} skipped {row.Skipped:N0} of its source (`medgen jobs skipped {row.Id}`), first {first.Where}: {first.Reason}");
        }

        output.Line(Summary(funnel));
        return funnel.Failed > 0 ? ExitCodes.SomeFailed : ExitCodes.Ok;
    }

    private static string Summary(Funnel funnel)
    {
        var failed = funnel.Failed == 0 ? "" : $" {funnel.Failed} failed: `medgen retry` lists them.";
        return $"{funnel.Videos} videos gave {funnel.Clips} clips, {funnel.Accepted} accepted.{failed}";
    }
}
