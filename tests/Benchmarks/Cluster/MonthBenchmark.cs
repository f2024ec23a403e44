using System.Diagnostics;
using System.Globalization;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Services;
using MedGenCluster.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Benchmarks.Cluster;

/// <summary>A month of a cluster in minutes: stages only take time, a GPU stage is the narrowest, and the engine must keep that at work. One silo, whose lanes are asked as those of any
/// silo are; the ledger is a SQLite file, so that what the process holds in memory is the engine's own.</summary>
internal static class MonthBenchmark
{
    private const int Videos = 140_000;
    private const int Slots = 256;
    private const double Busy = 0.98;
    private const int Progress = 30;
    private const StageId Narrowest = StageId.Aesthetics;

    /// <summary>Wall time that the narrowest stage needs for the whole month when it never waits.</summary>
    private static readonly TimeSpan Whole = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    public static async Task<int> RunAsync(double share)
    {
        // Four of ten videos come to be cut, into 17.5 clips in the mean: a million clips for all videos.
        var plan = new SimulationPlan { Videos = (int)(Videos * share), MaxClips = 35, Rejected = 0.2, Skew = 1, GpuMebibytes = 16 };
        var ends = Expected(plan);
        var mean = Whole.TotalSeconds * share * Slots / ends.Narrowest;
        plan = plan with { Seconds = Enum.GetValues<StageId>().ToDictionary(stage => stage.Name(), stage => stage == Narrowest ? mean : 0.01) };
        Console.WriteLine(
            $"orleans month: {plan.Videos} videos, {ends.Clips} clips, {ends.Narrowest} at {Narrowest.Name()} ({Slots} slots, {mean * 1000:F0} ms in the mean, lognormal with sigma {plan.Skew:F0}); " +
            $"a second stands for {Month / Whole:F0}; SQLite file; {Machine.Load}");
        var folder = Directory.CreateTempSubdirectory("medgen-bench-").FullName;
        try
        {
            return await MeasureAsync(plan, share, ends.Clips, folder) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> MeasureAsync(SimulationPlan plan, double share, long clips, string folder)
    {
        var watch = new BusyWatch(plan, Narrowest, TimeProvider.System);
        var settings = new ClusterSettings { SiloName = "month", SiloPort = FreePort.Next(), GatewayPort = FreePort.Next(), GpuMemory = 1L << 30 };

        // Bounds are on items, and time runs some thousand times as quick as they are made for.
        var options = new EngineOptions { CpuSlots = 1024, NetworkSlots = 256, ApiSlots = 256, GpuSlots = Slots, HighWater = 8192, VideosInFlight = 256 };
        await using var silo = SimulatedSilo.Create(
            plan, settings, options, folder, NullLoggerFactory.Instance, TimeProvider.System, needs: stage => stage == Narrowest ? Resource.Gpu : SimulatedStages.Needs(stage) == Resource.Gpu ? Resource.Cpu : SimulatedStages.Needs(stage), watch: watch);
        await SimulatedSilo.SubmitAsync(silo.Ledger);
        var (cpu, clock) = (CpuClock.Own, Stopwatch.StartNew());
        using var stop = new CancellationTokenSource();
        var peak = PeakAsync(silo, watch, stop.Token);
        await silo.Engine.RunAsync(untilIdle: true, CancellationToken.None);
        var (spent, wall) = (CpuClock.Own - cpu, clock.Elapsed);
        await stop.CancelAsync();
        var (heap, resident) = await peak;
        var tallies = silo.Ledger.Tallies;
        long Count(ItemKind kind) => tallies.Where(tally => tally.Kind == kind && tally.Outcome is not (Outcome.Active or Outcome.Failed)).Sum(tally => tally.Count);
        var ok = Machine.Say($"ended: {Count(ItemKind.Video)} videos, {Count(ItemKind.Clip)} clips", Count(ItemKind.Video) == plan.Videos && Count(ItemKind.Clip) == clips);
        var room = Slots * watch.Span.TotalSeconds;
        ok &= Machine.Say(
            $"{Narrowest.Name()}: {watch.Items} items in {watch.Span.TotalSeconds:F1} s; {watch.Occupied / room:P2} busy, {watch.Planned / room:P2} with simulated work alone (limit {Busy:P0} of a whole month: in a part of it, the beginning and the end weigh more)", watch.Occupied / room >= Busy || share < 1);
        Console.WriteLine($"  {wall.TotalSeconds:F0} s in all, {spent:F0} CPU-s of this process ({spent / wall.TotalSeconds:F2} processors); {Machine.Load}");
        Console.WriteLine($"  memory: {heap / 1e6:F0} MB on the managed heap at the most (after collections), {resident / 1e6:F0} MB resident at the most");
        return ok;
    }

    /// <returns>The most that lived on the heap after a collection, and the most that the process held; bytes.</returns>
    private static async Task<(long Heap, long Resident)> PeakAsync(SimulatedSilo silo, BusyWatch watch, CancellationToken stop)
    {
        var (heap, resident, turns) = (0L, 0L, 0);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                using var process = Process.GetCurrentProcess();
                resident = Math.Max(resident, process.WorkingSet64);
                heap = Math.Max(heap, GC.GetGCMemoryInfo(GCKind.FullBlocking).HeapSizeBytes);
                heap = Math.Max(heap, GC.GetGCMemoryInfo(GCKind.Background).HeapSizeBytes);
                if (++turns % Progress == 0)
                {
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {turns} s: {watch.Items} items, {watch.Planned / (Slots * Math.Max(1, watch.Span.TotalSeconds)):P1} busy, {process.WorkingSet64 / 1e6:F0} MB ({GC.GetTotalMemory(forceFullCollection: false) / 1e6:F0} MB on the heap); on their way: {Waiting(silo)}"));
                }
            }
        }
        catch (OperationCanceledException)
        {
        }

        return (heap, resident);
    }

    private static string Waiting(SimulatedSilo silo) => string.Join(
        ' ', silo.Ledger.Tallies.Where(tally => tally.Outcome == Outcome.Active).GroupBy(tally => tally.Stage).OrderBy(stage => stage.Key).Select(stage => $"{stage.Key.Name()} {stage.Sum(tally => tally.Count)} ({silo.Engine.Activity.InFlight(stage.Key)})"));

    private static (long Clips, long Narrowest) Expected(SimulationPlan plan)
    {
        var (clips, narrowest) = (0L, 0L);
        var order = StageOrder.Clip(StageOrderKind.Paper).Stages;
        var before = order.TakeWhile(stage => stage != Narrowest).ToList();
        foreach (var (id, (_, stage)) in plan.Ends())
        {
            if (order.Contains(stage))
            {
                clips++;
                narrowest += before.Contains(stage) ? 0 : 1;
            }
        }

        return (clips, narrowest);
    }
}
