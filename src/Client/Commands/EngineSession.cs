using MedGenCluster.Client.Views;
using MedGenCluster.Client.Workplaces;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Silo;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Views;
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
        using var held = host.TryLock();
        if (held is null && forever)
        {
            return Output.Fail($"another process already works on {host.Data.Root}; `medgen watch` shows it.", ExitCodes.Unavailable);
        }

        if (held is null)
        {
            host.WakeOthers();
            await ShowAsync(host, output, job, cancellationToken);
        }
        else
        {
            await RunEngineAsync(host, output, job, forever, cancellationToken, web);
        }

        if (cancellationToken.IsCancellationRequested && !forever)
        {
            return ExitCodes.Interrupted;
        }

        // Whoever let a host run for good and ends it has interrupted nothing that was promised; a supervisor is told of no failure.
        var code = await EndAsync(new LocalWorkplace(host), output, job, cancellationToken);
        return forever && cancellationToken.IsCancellationRequested ? ExitCodes.Ok : code;
    }

    /// <summary>Works until no job is running, or watches the process that works on the directory.</summary>
    /// <returns>False where it was interrupted.</returns>
    public static async Task<bool> WorkAsync(CurationHost host, Output output, long? job, CancellationToken cancellationToken)
    {
        if (host.Options.Cluster?.Postgres is not null)
        {
            output.Line("the cluster's silos work on it; Ctrl-C leaves it to them.");
            await ShowAsync(host, output, job, cancellationToken);
            return !cancellationToken.IsCancellationRequested;
        }

        using var held = host.TryLock();
        if (held is null)
        {
            host.WakeOthers();
            await ShowAsync(host, output, job, cancellationToken);
        }
        else
        {
            await RunEngineAsync(host, output, job, forever: false, cancellationToken, web: null);
        }

        return !cancellationToken.IsCancellationRequested;
    }

    /// <summary>Shows what another process does until the job (or every job) is at rest.</summary>
    public static async Task ShowAsync(CurationHost host, Output output, long? job, CancellationToken cancellationToken)
    {
        await new ProgressView(output, () => FunnelViews.Of(host.FreshFunnelAsync(job).GetAwaiter().GetResult(), job, 0), () => null, () => null).RunAsync(UntilRestAsync());

        async Task UntilRestAsync()
        {
            while ((await host.Ledger.JobsAsync()).Any(row => row.State == JobState.Running && (job is null || row.Id == job)))
            {
                await Task.Delay(500, cancellationToken);
            }
        }
    }

    /// <summary>Says how the jobs ended.</summary>
    /// <returns>An exit code.</returns>
    public static async Task<int> EndAsync(IWorkplace workplace, Output output, long? job, CancellationToken cancellationToken)
    {
        // The end is told also where it came by an interruption.
        var ending = cancellationToken.IsCancellationRequested ? CancellationToken.None : cancellationToken;
        var funnel = await workplace.FunnelAsync(job, ending);
        output.Table(FunnelTable.Of(funnel));
        var jobs = (await workplace.JobsAsync(ending)).Where(row => job is null || row.Id == job).ToList();
        output.Value(new { Type = "result", Funnel = FunnelTable.Json(funnel), Jobs = jobs.Select(row => new { row.Id, row.Name, row.State, row.Found, row.Known, row.Skipped, row.Error }) });
        if (jobs.Find(row => row.State == "failed") is { } failed)
        {
            return Output.Fail($"job {failed.Id}: {failed.Error}", ExitCodes.Unavailable);
        }

        foreach (var row in jobs.Where(row => row.Skipped > 0))
        {
            var first = (await workplace.SkippedAsync(row.Id, 1, ending))[0];
            output.Line($"job {row.Id} skipped {row.Skipped:N0} of its source (`medgen jobs skipped {row.Id}`), first {first.Where}: {first.Reason}");
        }

        output.Line(Summary(funnel));
        return funnel.Failed > 0 ? ExitCodes.SomeFailed : ExitCodes.Ok;
    }

    private static async Task RunEngineAsync(CurationHost host, Output output, long? job, bool forever, CancellationToken cancellationToken, WebOptions? web)
    {
        await using var engine = await host.CreateEngineAsync(cancellationToken);

        // A command that ends with its own jobs leaves generations and trainings to their own commands, and to a host that runs for good.
        await using var workers = forever && host.IsGpuHost ? host.StartWorkers() : null;
        using var waker = host.WakeOnSignal(() =>
        {
            engine.Wake();
            host.WakeWorkers();
        });
        await using var session = web is null ? null : await WebSelection.StartAsync(host, engine, web, output);
        var work = Task.Run(() => engine.RunAsync(untilIdle: !forever, cancellationToken), CancellationToken.None);
        await new ProgressView(output, () => FunnelViews.Of(host.Funnel(job), job, 0), () => engine.Blocked, () => engine.Standstill).RunAsync(work);
    }

    private static string Summary(FunnelView funnel)
    {
        var failed = funnel.Failed == 0 ? "" : $" {funnel.Failed} failed: `medgen retry` lists them.";
        return $"{funnel.Videos} videos gave {funnel.Clips} clips, {funnel.Accepted} accepted.{failed}";
    }
}
