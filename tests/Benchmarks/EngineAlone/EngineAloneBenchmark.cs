using System.Diagnostics;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Embedded;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Media;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Benchmarks.EngineAlone;

/// <summary>CPU time of one durable stage transition with stages that do nothing.</summary>
internal static class EngineAloneBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        var videos = args.Length > 0 ? int.Parse(args[0]) : 2000;
        Console.WriteLine($"engine alone: {videos} videos of 10 clips, no-op stages");
        foreach (var (name, durable, limit) in new[] { ("warm-up", false, 0.0), ("in memory", false, 0.1), ("durable (synchronous=FULL)", true, 0.3) })
        {
            var folder = Directory.CreateTempSubdirectory("medgen-bench-").FullName;
            try
            {
                var (milliseconds, transitions, wall) = await MeasureAsync(durable ? Path.Combine(folder, "ledger.db") : null, folder, limit == 0 ? 200 : videos);
                if (limit > 0)
                {
                    Console.WriteLine($"  {name}: {milliseconds:F4} CPU-ms per transition over {transitions} transitions, {transitions / wall:F0} a second (limit {limit})  {(milliseconds <= limit ? "ok" : "OVER")}");
                }
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return 0;
    }

    private static async Task<(double Milliseconds, long Transitions, double Wall)> MeasureAsync(string? path, string folder, int videos)
    {
        await using var ledger = SqliteLedger.Open(path, TimeProvider.System, NullLogger.Instance);
        var catalog = new StageCatalog(
            StageOrder.Video.Stages.Select(id => new NoOpStage<VideoWork>(id, 64)),
            StageOrder.Clip(StageOrderKind.Paper).Stages.Select(id => new NoOpStage<ClipWork>(id, 64)));
        await using var engine = new EmbeddedEngine(
            ledger, catalog, new DirectoryMediaStore(Path.Combine(folder, "media"), Path.Combine(folder, "tmp")), _ => new CountingSource(videos),
            (_, _) => Task.CompletedTask, () => null, new EngineOptions(), "benchmark", TimeProvider.System, NullLogger<EmbeddedEngine>.Instance);
        await ledger.CreateJobAsync("benchmark", new SourceSpec("count", ""), new CurationOptions());
        var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        await engine.RunAsync(untilIdle: true, CancellationToken.None);
        process.Refresh();
        var spent = process.TotalProcessorTime - cpu;
        var accepted = ledger.Tallies.Where(t => t.Outcome == Outcome.Accepted).Sum(t => t.Count);
        var done = ledger.Tallies.Where(t => t.Outcome == Outcome.Done).Sum(t => t.Count);
        var transitions = (done * StageOrder.Video.Stages.Count) + (accepted * StageOrder.Clip(StageOrderKind.Paper).Stages.Count);
        if (done != videos || accepted != videos * 10)
        {
            throw new InvalidOperationException($"The engine lost work: {done} videos done, {accepted} clips accepted.");
        }

        return (spent.TotalMilliseconds / transitions, transitions, watch.Elapsed.TotalSeconds);
    }
}
