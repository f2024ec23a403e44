using System.Diagnostics;
using System.Globalization;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Services;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Benchmarks.LedgerPostgres;

/// <summary>What a stage hop costs in PostgreSQL when many grains complete one item each and keep its lease, as the silos of a cluster do: hops a second, and CPU time
/// of this process alone (the server's is its own).</summary>
internal static class LedgerPostgresBenchmark
{
    private const double Limit = 0.4;
    private const int Clips = 10;
    private const string Owner = "S127.0.0.1:11111:1";
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly StageOrder Order = StageOrder.Clip(StageOrderKind.Paper);
    private static readonly Dictionary<string, double> Scores = new() { ["score"] = 1 };

    /// <param name="args">Videos, then grains at work at the same time, then a connection string; each may be left out.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length < 3 && PostgresServer.Missing is { } reason)
        {
            Console.WriteLine($"ledger-postgres: skipped, {reason}");
            return 0;
        }

        var videos = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
        var grains = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 256;
        await using var server = args.Length > 2 ? null : await PostgresServer.StartAsync();
        var ok = true;
        Console.WriteLine($"ledger-postgres: {videos} videos of {Clips} clips, {grains} grains at a time");
        foreach (var (name, load, measured) in new[] { ("warm-up", true, false), ("complete and keep", false, true), ("complete, keep and load", true, true) })
        {
            var connection = args.Length > 2 ? args[2] : await server!.CreateDatabaseAsync(name);
            await using var ledger = PostgresLedger.Open(connection, TimeProvider.System, NullLogger.Instance);
            var (hops, seconds, cpu) = await MeasureAsync(ledger, measured ? videos : 100, grains, load);
            if (measured)
            {
                ok &= cpu * 1000 / hops < Limit;
                Console.WriteLine($"  {name}: {cpu * 1000 / hops:F3} CPU-ms a hop (limit {Limit}), {hops / seconds:F0} hops a second over {hops} hops  {(cpu * 1000 / hops < Limit ? "ok" : "OVER")}");
            }
        }

        return ok ? 0 : 1;
    }

    private static async Task<(long Hops, double Seconds, double Cpu)> MeasureAsync(PostgresLedger ledger, int videos, int grains, bool load)
    {
        var job = await ledger.CreateJobAsync("benchmark", new SourceSpec("count", ""), new CurationOptions());
        await ledger.AddVideosAsync(job.Id, [.. Enumerable.Range(0, videos).Select(number => Video(job.Id, number))], []);
        var (cpu, watch, hops) = (CpuClock.Own, Stopwatch.StartNew(), 0L);
        foreach (var kind in new[] { ItemKind.Video, ItemKind.Clip })
        {
            using var turns = new SemaphoreSlim(1);
            var waiting = new Queue<LeasedItem>();
            await Task.WhenAll(Enumerable.Range(0, grains).Select(_ => Task.Run(async () =>
            {
                while (await NextAsync(kind, turns, waiting) is { } item)
                {
                    Interlocked.Add(ref hops, await WorkAsync(ledger, item, load));
                }
            })));
        }

        return (hops, watch.Elapsed.TotalSeconds, CpuClock.Own - cpu);

        async Task<LeasedItem?> NextAsync(ItemKind kind, SemaphoreSlim turns, Queue<LeasedItem> waiting)
        {
            await turns.WaitAsync();
            try
            {
                if (waiting.Count == 0)
                {
                    foreach (var item in (await ledger.LeaseSliceAsync(job.Id, ShardSlots.All, kind, grains, Owner, Lease)).Items)
                    {
                        waiting.Enqueue(item);
                    }
                }

                return waiting.TryDequeue(out var next) ? next : null;
            }
            finally
            {
                turns.Release();
            }
        }
    }

    /// <summary>Brings an item through all its stages.</summary>
    private static async Task<long> WorkAsync(PostgresLedger ledger, LeasedItem item, bool load)
    {
        for (var hops = 1L; ; hops++)
        {
            var stage = item.Item.State.Stage;
            var passed = new LifeEvent.Passed(stage);
            var transition = item.Item.Kind == ItemKind.Video
                ? VideoLifecycle.Apply(item.Item.State, passed, RetryPolicy.Default)
                : ClipLifecycle.Apply(item.Item.State, passed, Order, RetryPolicy.Default);
            var completion = new Completion(item, transition, new Decision(stage, DecisionVerdict.Passed, null, 1, 0, "none@0"))
            {
                Measurement = new Measurement(stage, 1, "none@0", Scores),
                Clips = stage == StageId.Segment ? [.. Enumerable.Range(0, Clips).Select(k => new ClipPlan(ClipInterval.FromSeconds(k * 8, (k + 1) * 8), "words said in the clip"))] : null,
            };
            var report = await ledger.CompleteAsync([completion], Owner, Lease);
            if (report.Lost.Count > 0)
            {
                throw new InvalidOperationException($"The lease of {item.Item.Id} was lost.");
            }

            if (report.Settled.Count > 0)
            {
                await ledger.SettleVideosAsync(report.Settled);
            }

            if (transition.State.Outcome != Outcome.Active)
            {
                return hops;
            }

            item = load ? (await ledger.LoadAsync(item.Item.Seq))! : item with { Item = item.Item with { State = transition.State } };
        }
    }

    private static VideoMetadata Video(long job, int number) => new() { SourceKind = "count", SourceKey = $"{job}-{number}", Location = $"/videos/{number}", Title = $"Video {number}" };
}
