using System.Diagnostics;
using MedGenCluster.Benchmarks;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Embedded;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Media;
using MedGenCluster.Services;
using MedGenCluster.Simulation;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MedGenCluster.Benchmarks.Cluster;

/// <summary>Processor time of one stage hop through grains with stages that do nothing, beside the embedded engine in the same run.</summary>
internal static class HopBenchmark
{
    private const double InMemory = 0.3;
    private const double OnPostgres = 0.6;

    /// <param name="Server">Seconds of PostgreSQL.</param>
    private sealed record Cost(long Hops, double Seconds, double Own, double Server)
    {
        public double Milliseconds => Own * 1000 / Hops;

        public override string ToString() => $"{Milliseconds:F3} CPU-ms a hop, {Hops / Seconds:F0} hops/s over {Hops} hops";
    }

    public static async Task<int> RunAsync(int videos)
    {
        Console.WriteLine($"orleans hop: {videos} videos of up to 10 clips, no-op stages, one silo; {Machine.Load}");
        await EmbeddedAsync(200);
        var embedded = await EmbeddedAsync(videos);
        Console.WriteLine($"  embedded engine, SQLite in memory (reference): {embedded}");
        await OrleansAsync(200, null, lanes: true);
        var ok = Report("SQLite in memory", await OrleansAsync(videos, null, lanes: false), embedded, InMemory);
        ok &= Report("SQLite in memory, GPU stages through lanes", await OrleansAsync(videos, null, lanes: true), embedded, InMemory);
        if (PostgresServer.Missing is { } reason)
        {
            Console.WriteLine($"  with PostgreSQL: skipped, {reason}");
            return ok ? 0 : 1;
        }

        await using var server = await PostgresServer.StartAsync();
        foreach (var lanes in new[] { false, true })
        {
            await OrleansAsync(200, await server.CreateDatabaseAsync($"warm{lanes}"), lanes);
            var cost = await OrleansAsync(videos, await server.CreateDatabaseAsync($"measured{lanes}"), lanes);
            ok &= Report($"PostgreSQL{(lanes ? ", GPU stages through lanes" : "")}", cost, embedded, OnPostgres);
        }

        return ok ? 0 : 1;
    }

    private static bool Report(string name, Cost cost, Cost reference, double limit) => Machine.Say(
        $"{name}: {cost} (limit {limit}; {cost.Milliseconds / reference.Milliseconds:F1} times the reference){(cost.Server > 0 ? $"; the server beside it {cost.Server * 1000 / cost.Hops:F3} CPU-ms a hop" : "")}",
        cost.Milliseconds <= limit);

    private static SimulationPlan Plan(int videos) => new() { Videos = videos, MaxClips = 10, Rejected = 0, Batch = 64 };

    private static async Task<Cost> EmbeddedAsync(int videos)
    {
        var plan = Plan(videos);
        var folder = Directory.CreateTempSubdirectory("medgen-bench-").FullName;
        try
        {
            await using var ledger = SqliteLedger.Open(null, TimeProvider.System, NullLogger.Instance);
            await using var engine = new EmbeddedEngine(
                ledger, SimulatedStages.Catalog(plan, "embedded", TimeProvider.System, _ => Resource.Cpu), new DirectoryMediaStore(Path.Combine(folder, "media"), Path.Combine(folder, "tmp")),
                _ => new SimulatedSource(plan), (_, _) => Task.CompletedTask, () => null, new EngineOptions(), "benchmark", TimeProvider.System, NullLogger<EmbeddedEngine>.Instance);
            return await MeasureAsync(plan, ledger, stop => engine.RunAsync(untilIdle: true, stop), () => 0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Cost> OrleansAsync(int videos, string? postgres, bool lanes)
    {
        var plan = Plan(videos);
        var folder = Directory.CreateTempSubdirectory("medgen-bench-").FullName;
        try
        {
            await using var ledger = postgres is null
                ? SqliteLedger.Open(null, TimeProvider.System, NullLogger.Instance)
                : (ILedger)PostgresLedger.Open(postgres, TimeProvider.System, NullLogger.Instance);
            var settings = new ClusterSettings
            {
                Clustering = postgres is null ? ClusteringBackend.Localhost : ClusteringBackend.Postgres, Postgres = postgres, SiloName = "bench", SiloPort = FreePort.Next(), GatewayPort = FreePort.Next(), GpuMemory = 1L << 30,
            };
            await ClusterEngines.Find().InitializeAsync(settings, CancellationToken.None);
            await using var silo = SimulatedSilo.Create(plan, settings, new EngineOptions(), folder, NullLoggerFactory.Instance, TimeProvider.System, ledger, lanes ? null : _ => Resource.Cpu);
            var port = postgres is null ? 0 : new NpgsqlConnectionStringBuilder(postgres).Port;
            return await MeasureAsync(plan, ledger, stop => silo.Engine.RunAsync(untilIdle: true, stop), () => port == 0 ? 0 : ServerCpu.Seconds(port));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>From the start of the engine to the end of the last item: a silo's start is in it.</summary>
    private static async Task<Cost> MeasureAsync(SimulationPlan plan, ILedger ledger, Func<CancellationToken, Task> run, Func<double> server)
    {
        await SimulatedSilo.SubmitAsync(ledger);
        GC.Collect();
        var (cpu, other, watch) = (CpuClock.Own, server(), Stopwatch.StartNew());
        var work = run(CancellationToken.None);
        while (!work.IsCompleted && !IsOver(plan, ledger))
        {
            await Task.WhenAny(work, Task.Delay(50));
        }

        var cost = (watch.Elapsed.TotalSeconds, CpuClock.Own - cpu, server() - other);
        await work;
        var wrong = plan.Videos > 500 ? [] : LedgerCheck.Of(ledger, plan);
        if (wrong.Count > 0 || !IsOver(plan, ledger))
        {
            throw new InvalidOperationException($"The engine did not do what the plan says. {string.Join(' ', wrong.Take(5))}");
        }

        long Count(Outcome outcome) => ledger.Tallies.Where(tally => tally.Outcome == outcome).Sum(tally => tally.Count);
        var hops = (Count(Outcome.Done) * StageOrder.Video.Stages.Count) + (Count(Outcome.Accepted) * StageOrder.Clip(StageOrderKind.Paper).Stages.Count);
        return new Cost(hops, cost.TotalSeconds, cost.Item2, cost.Item3);
    }

    private static bool IsOver(SimulationPlan plan, ILedger ledger)
    {
        var tallies = ledger.Tallies;
        return tallies.Where(tally => tally is { Kind: ItemKind.Video, Outcome: Outcome.Done }).Sum(tally => tally.Count) == plan.Videos && tallies.Where(tally => tally.Outcome == Outcome.Active).Sum(tally => tally.Count) == 0;
    }
}
