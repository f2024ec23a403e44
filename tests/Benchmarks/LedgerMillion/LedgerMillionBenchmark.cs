using System.Diagnostics;
using System.Globalization;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Reporting;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Benchmarks.LedgerMillion;

/// <summary>How soon, and in how much memory, a fresh process has its first work from a ledger of a million clips.</summary>
internal static class LedgerMillionBenchmark
{
    private const double LimitSeconds = 2;
    private const long LimitMegabytes = 300;

    /// <param name="args">Nothing or the number of clips; or <c>open</c> and a ledger, in the process that is measured.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["open", var path])
        {
            return await OpenAsync(path);
        }

        var clips = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var folder = Directory.CreateTempSubdirectory("medgen-million-");
        try
        {
            var ledger = Path.Combine(folder.FullName, "ledger.db");
            var watch = Stopwatch.StartNew();
            await MillionLedger.WriteAsync(ledger, clips);
            Console.WriteLine($"ledger of {clips:N0} clips: {new FileInfo(ledger).Length >> 20} MB, written in {watch.Elapsed.TotalSeconds:F0} s");
            using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. SelfArguments(), "ledger", "open", ledger]))!;
            await child.WaitForExitAsync();
            return child.ExitCode;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The assembly, where the process is <c>dotnet</c> itself.</summary>
    private static IEnumerable<string> SelfArguments() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? ["exec", typeof(LedgerMillionBenchmark).Assembly.Location] : [];

    private static async Task<int> OpenAsync(string path)
    {
        var watch = Stopwatch.StartNew();
        await using var ledger = SqliteLedger.Open(path, TimeProvider.System, NullLogger.Instance);
        var opened = watch.Elapsed.TotalSeconds;

        // What an engine does before its workers begin, then the first batch of every stage.
        var reclaimed = await ledger.ReclaimAsync(["me"]);
        var afterReclaim = watch.Elapsed.TotalSeconds;
        await ledger.SettleVideosAsync(null);
        var jobs = (await ledger.JobsAsync()).Select(job => job.Id).ToList();
        var first = (await ledger.LeaseAsync(StageId.Cut, jobs, 64, "me", TimeSpan.FromMinutes(2))).Items.Count;
        var seconds = watch.Elapsed.TotalSeconds;
        foreach (var stage in Enum.GetValues<StageId>())
        {
            await ledger.LeaseAsync(stage, jobs, 64, "me", TimeSpan.FromMinutes(2));
        }

        var every = watch.Elapsed.TotalSeconds;
        var megabytes = PeakMegabytes();
        var ok = seconds < LimitSeconds && megabytes < LimitMegabytes && first == 64;
        Console.WriteLine($"  opened in {opened:F3} s, {reclaimed:N0} leases of the dead taken back after {afterReclaim:F3} s, first {first} clips leased after {seconds:F3} s (limit {LimitSeconds})");
        Console.WriteLine($"  a batch of every stage after {every:F3} s, peak {megabytes} MB (limit {LimitMegabytes})  {(ok ? "ok" : "OVER")}");
        Time("funnel", () => Funnel.Of(ledger.Tallies, StageOrderKind.Paper).Clips);
        Time("first 50 accepted", () => ledger.Items(new ItemQuery(ItemKind.Clip, Outcome: Outcome.Accepted, Limit: 50)).Count());
        Time("first 50 failed", () => ledger.Items(new ItemQuery(Outcome: Outcome.Failed, Limit: 50)).Count());
        Time("first 50 rejected at joint", () => ledger.Items(new ItemQuery(ItemKind.Clip, Outcome: Outcome.Rejected, Stage: StageId.Joint, Limit: 50)).Count());
        Time("first 50 videos", () => ledger.Items(new ItemQuery(ItemKind.Video, Limit: 50)).Count());
        Time("clips of 100 videos", () => ledger.Items(new ItemQuery(ItemKind.Video, Outcome: Outcome.AwaitingClips, Limit: 100)).Sum(video => ledger.Items(new ItemQuery(ItemKind.Clip, Parent: video.Seq)).Count()));
        Time("all accepted", () => ledger.Items(new ItemQuery(ItemKind.Clip, Outcome: Outcome.Accepted)).Count());
        Console.WriteLine($"  peak after the lists {PeakMegabytes()} MB");
        return ok ? 0 : 1;
    }

    private static void Time(string what, Func<long> list)
    {
        var watch = Stopwatch.StartNew();
        var count = list();
        Console.WriteLine($"    {what}: {count:N0} in {watch.Elapsed.TotalMilliseconds:F1} ms");
    }

    /// <summary>Greatest resident set since the process began, MB.</summary>
    private static long PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 >> 20;
    }
}
