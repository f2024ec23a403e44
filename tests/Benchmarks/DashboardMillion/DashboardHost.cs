using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Silo;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Web;

namespace MedGenCluster.Benchmarks.DashboardMillion;

/// <summary>The process that is measured: a host over a data directory, and on demand changes of its clips at the pace of a busy engine.</summary>
internal static class DashboardHost
{
    private const int ChangesAtOnce = 32;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    /// <summary>Listens until its standard input ends; writes its address, and after every line of input that it has begun (<c>work</c>) or ceased to change clips.</summary>
    public static async Task<int> RunAsync(string data, string models)
    {
        await using var host = CurationHost.Open(new HostOptions { DataPath = data, ModelsPath = models });
        await using var session = await HostSession.StartAsync(host, engine: null, new WebOptions { Listen = "http://127.0.0.1:0" }, TimeProvider.System);
        Console.WriteLine(session.Address);
        using var stop = new CancellationTokenSource();
        var working = Task.CompletedTask;
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == "work")
            {
                working = Task.Run(() => WorkAsync(host.Ledger, stop.Token));
            }

            Console.WriteLine(line);
        }

        await stop.CancelAsync();
        await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }

    /// <summary>Writes accepted clips anew with one more decision each, so that every page's caches are stale again.</summary>
    private static async Task WorkAsync(ILedger ledger, CancellationToken stop)
    {
        foreach (var clips in ledger.Items(new ItemQuery(ItemKind.Clip, Outcome: Outcome.Accepted)).Chunk(ChangesAtOnce))
        {
            await ledger.RestateAsync([.. clips.Select(clip => new Restatement(clip, clip.State, [new Decision(clip.State.Stage, DecisionVerdict.Passed, null, 0.8125, 0.5, "demo@1")]))]);
            await Task.Delay(Between, stop);
        }
    }
}
