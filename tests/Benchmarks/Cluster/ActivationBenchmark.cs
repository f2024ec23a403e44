using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Grains;
using MedGenCluster.Services;
using MedGenCluster.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Benchmarks.Cluster;

/// <summary>What a video's grain costs that does nothing, beside a bare grain of Orleans in the same silo and run.</summary>
internal static class ActivationBenchmark
{
    private const double Kilobytes = 2.5;
    private const double EachSecond = 15_000;
    private const int Parallel = 64;
    private const int Rounds = 5;
    private const int Calls = 20_000;

    public static async Task<int> RunAsync(int grains)
    {
        Console.WriteLine($"orleans activations: {grains} of each kind, {Parallel} calls at a time; {Machine.Load}");
        var folder = Directory.CreateTempSubdirectory("medgen-bench-").FullName;
        try
        {
            return await OneSiloAsync(grains, folder) & await TwoSilosAsync(folder) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> OneSiloAsync(int grains, string folder)
    {
        await using var ledger = SqliteLedger.Open(null, TimeProvider.System, NullLogger.Instance);
        await using var silo = new Running(folder, ledger, new ClusterSettings { SiloName = "one", SiloPort = FreePort.Next(), GatewayPort = FreePort.Next(), GpuMemory = 1L << 30 });
        var caller = await silo.CallerAsync(1);
        foreach (var bare in new[] { true, false })
        {
            await caller.CallEachAsync(bare, 10_000_000, 5000, Parallel);
        }

        // In turns, as the machine does not work at one speed for long.
        var (bares, videos) = (new List<(double Bytes, double Seconds)>(), new List<(double Bytes, double Seconds)>());
        var each = grains / Rounds;
        for (var round = 0; round < Rounds; round++)
        {
            bares.Add(await ActivateAsync(caller, bare: true, (round * each) + 1, each));
            videos.Add(await ActivateAsync(caller, bare: false, (round * each) + 1, each));
        }

        var (bytes, bareBytes) = (videos.Average(round => round.Bytes), bares.Average(round => round.Bytes));
        var (speed, bareSpeed) = (CpuClock.Median(videos.Select(round => each / round.Seconds)), CpuClock.Median(bares.Select(round => each / round.Seconds)));
        var ok = Machine.Say($"memory: {bytes / 1000:F2} KB a video's grain, {bareBytes / 1000:F2} KB a bare one (limit {Kilobytes} KB)", bytes <= Kilobytes * 1000);
        ok &= Machine.Say(
            $"activations, median of {Rounds}: {speed:F0} a second, {bareSpeed:F0} bare ones (limit {EachSecond:F0} a second); {Machine.Load}", speed >= EachSecond);
        Console.WriteLine($"  a call within the silo: {await MedianAsync(caller, bare: false):F1} us, {await MedianAsync(caller, bare: true):F1} us to a bare grain");
        return ok;
    }

    private static async Task<(double Bytes, double Seconds)> ActivateAsync(ICallerGrain caller, bool bare, long first, int grains)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var seconds = await caller.CallEachAsync(bare, first, grains, Parallel);
        return ((GC.GetTotalMemory(forceFullCollection: true) - before) / (double)grains, seconds);
    }

    private static async Task<bool> TwoSilosAsync(string folder)
    {
        if (PostgresServer.Missing is { } reason)
        {
            Console.WriteLine($"  two silos: skipped, {reason}");
            return true;
        }

        await using var server = await PostgresServer.StartAsync();
        var settings = new ClusterSettings { Clustering = ClusteringBackend.Postgres, Postgres = server.ConnectionString, GpuMemory = 1L << 30 };
        await ClusterEngines.Find().InitializeAsync(settings, CancellationToken.None);
        await using var ledger = PostgresLedger.Open(server.ConnectionString, TimeProvider.System, NullLogger.Instance);
        await using var first = new Running(folder, ledger, settings with { SiloName = "first", SiloPort = FreePort.Next(), GatewayPort = FreePort.Next() });
        var here = await first.CallerAsync(1);
        await using var second = new Running(folder, ledger, settings with { SiloName = "second", SiloPort = FreePort.Next(), GatewayPort = FreePort.Next() });
        var there = await second.CallerAsync(2);
        while (first.Silos < 2 || second.Silos < 2)
        {
            await Task.Delay(100);
        }

        // Activated over there, called from here.
        foreach (var bare in new[] { false, true })
        {
            await there.CallOneAsync(bare, 7, 1);
        }

        Console.WriteLine($"  a call from one silo to another (one machine, TCP): {await MedianAsync(here, bare: false):F1} us, {await MedianAsync(here, bare: true):F1} us to a bare grain");
        return true;
    }

    /// <summary>To the grain 7 from wherever the caller is: the median of five, after one that does not count.</summary>
    private static async Task<double> MedianAsync(ICallerGrain caller, bool bare)
    {
        await caller.CallOneAsync(bare, 7, Calls);
        var rounds = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            rounds.Add(await caller.CallOneAsync(bare, 7, Calls / 4));
        }

        return CpuClock.Median(rounds);
    }

    /// <summary>A silo that runs until it is put away.</summary>
    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly SimulatedSilo _silo;
        private readonly Task _work;

        public Running(string folder, ILedger ledger, ClusterSettings settings)
        {
            _silo = SimulatedSilo.Create(new SimulationPlan { Videos = 0 }, settings, new EngineOptions(), Path.Combine(folder, settings.SiloName), NullLoggerFactory.Instance, TimeProvider.System, ledger);
            _work = _silo.Engine.RunAsync(untilIdle: false, _stop.Token);
        }

        public int Silos => _silo.Engine.Silos.Count(silo => silo.Status == "active");

        /// <summary>A caller in this silo, once that has joined.</summary>
        public async Task<ICallerGrain> CallerAsync(long key)
        {
            while (Silos == 0)
            {
                await Task.WhenAny(_work, Task.Delay(100));
                if (_work.IsCompleted)
                {
                    await _work;
                }
            }

            var caller = ((OrleansEngine)_silo.Engine).Services.GetRequiredService<IGrainFactory>().GetGrain<ICallerGrain>(key);
            await caller.CallOneAsync(bare: true, 100_000_000 + key, 1);
            return caller;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _silo.DisposeAsync();
            _stop.Dispose();
        }
    }
}
