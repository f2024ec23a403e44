using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Services;
using MedGenCluster.Simulation;

namespace MedGenCluster.Benchmarks.Cluster;

/// <summary>How soon a cluster of real processes on PostgreSQL uses a silo that comes, and does the work of one that goes.</summary>
internal static class SilosBenchmark
{
    private static readonly Dictionary<string, List<double>> Seen = [];

    /// <param name="gpu">GPU silos that come and go, too; else only the silos of all roles of which two die.</param>
    public static async Task<int> RunAsync(int rounds, bool gpu = true)
    {
        if (PostgresServer.Missing is { } reason)
        {
            Console.WriteLine($"orleans silos: skipped, {reason}");
            return 0;
        }

        Console.WriteLine($"orleans silos: {rounds} rounds, each silo a process; {Machine.Load}");
        Seen.Clear();
        await using var server = await PostgresServer.StartAsync();
        var wrong = 0;
        for (var round = 1; round <= rounds; round++)
        {
            wrong += gpu ? await GpuSilosAsync(await server.CreateDatabaseAsync($"gpu{round}")) : 0;
            wrong += await TwoOfThreeAsync(await server.CreateDatabaseAsync($"all{round}"));
        }

        var ok = Report("a GPU silo under load, from its process's start to its first item", null);
        ok &= Report("... from joining (active in the membership) to its first item", 5);
        ok &= Report("one GPU silo killed: all that it had begun is begun elsewhere after", 10);
        ok &= Report("two of three GPU silos killed at once: ... after", 30);
        ok &= Report("two of three silos of all roles killed at once: ... after", 30);
        ok &= Report("a GPU silo that is asked to stop has ended after", null);
        ok &= Report("... items that it had begun and did not end", 0);
        ok &= Report("... items that it ended and another silo did again", 0);
        ok &= Machine.Say($"things that the checker of the ledger finds wrong after all rounds: {wrong}", wrong == 0);
        Console.WriteLine($"  {Machine.Load}");
        return ok ? 0 : 1;
    }

    private static SimulationPlan Plan(int videos) => new()
    {
        Videos = videos, MaxClips = 8, Rejected = 0, Skew = 0.5, Seconds = new Dictionary<string, double> { [StageId.Segment.Name()] = 0.2, [StageId.Aesthetics.Name()] = 0.8, [StageId.TechnicalQuality.Name()] = 0.4 },
    };

    /// <summary>One CPU silo; GPU silos come and go.</summary>
    private static async Task<int> GpuSilosAsync(string database)
    {
        await using var cluster = await SimulatedCluster.CreateAsync(Plan(200), database);
        var cpu = cluster.Start("cpu", "cpu");
        await cluster.FirstWorkAsync(cluster.Start("gpu-1", "gpu").Name, 0);
        await JoinAsync(cluster, cpu, "gpu-2");
        var last = await JoinAsync(cluster, cpu, "gpu-3");
        await KillAsync(cluster, [last], "one GPU silo killed: all that it had begun is begun elsewhere after");
        var fourth = await JoinAsync(cluster, cpu, "gpu-4");
        var fifth = await JoinAsync(cluster, cpu, "gpu-5");
        await DrainAsync(cluster, fourth);
        var sixth = await JoinAsync(cluster, cpu, "gpu-6");
        // Now there are gpu-1, gpu-2, gpu-5 and gpu-6; one leaves in order, so that two of three can be killed.
        await DrainAsync(cluster, sixth);
        var more = cluster.Start("gpu-7", "gpu");
        await cluster.FirstWorkAsync(more.Name, 0);
        await KillAsync(cluster, [fifth, more], "two of three GPU silos killed at once: ... after");
        cluster.Start("gpu-8", "gpu");
        return Print(await cluster.CheckAsync());
    }

    /// <summary>Three silos that do everything; two die, and with them most shards.</summary>
    private static async Task<int> TwoOfThreeAsync(string database)
    {
        await using var cluster = await SimulatedCluster.CreateAsync(Plan(60), database);
        var silos = new[] { "one", "two", "three" }.Select(name => cluster.Start(name, "all")).ToList();
        foreach (var silo in silos)
        {
            await cluster.FirstWorkAsync(silo.Name, 0);
        }

        await Task.Delay(TimeSpan.FromSeconds(3));
        await KillAsync(cluster, silos.Take(2).ToList(), "two of three silos of all roles killed at once: ... after");
        return Print(await cluster.CheckAsync());
    }

    private static async Task<SimulationProcess> JoinAsync(SimulatedCluster cluster, SimulationProcess other, string name)
    {
        var silo = cluster.Start(name, "gpu");
        var work = await cluster.FirstWorkAsync(name, 0);
        var active = await cluster.UntilAsync($"{name} is active", () => other.SawActive(name));
        Add("a GPU silo under load, from its process's start to its first item", (work - silo.Started) / 1000.0);
        Add("... from joining (active in the membership) to its first item", Math.Max(0, work - active) / 1000.0);
        await Task.Delay(TimeSpan.FromSeconds(2));
        return silo;
    }

    private static async Task KillAsync(SimulatedCluster cluster, IReadOnlyList<SimulationProcess> silos, string what)
    {
        var names = silos.Select(silo => silo.Name).ToHashSet();
        var at = SimulatedCluster.Now;
        foreach (var silo in silos)
        {
            silo.Kill();
        }

        foreach (var silo in silos)
        {
            await silo.EndedAsync();
        }

        Add(what, (await cluster.AllBegunElsewhereAsync(cluster.Open(names), names, at) - at) / 1000.0);
    }

    private static async Task DrainAsync(SimulatedCluster cluster, SimulationProcess silo)
    {
        var at = SimulatedCluster.Now;
        await silo.TerminateAsync();
        await silo.EndedAsync();
        Add("a GPU silo that is asked to stop has ended after", (SimulatedCluster.Now - at) / 1000.0);
        Add("... items that it had begun and did not end", cluster.Open([silo.Name]).Count);
        await Task.Delay(TimeSpan.FromSeconds(3));
        var trace = cluster.Trace();
        var ended = trace.Where(line => !line.Began && line.Silo == silo.Name && line.At >= at).Select(line => line.Work).ToHashSet();
        Add("... items that it ended and another silo did again", trace.Count(line => line.Began && line.Silo != silo.Name && line.At >= at && ended.Contains(line.Work)));
    }

    private static void Add(string what, double value)
    {
        Console.WriteLine($"    {what}: {value:0.##}");
        (Seen.TryGetValue(what, out var values) ? values : Seen[what] = []).Add(value);
    }

    private static bool Report(string what, double? limit)
    {
        if (!Seen.TryGetValue(what, out var values))
        {
            return true;
        }

        var line = $"{what}: worst {values.Max():0.##}, median {CpuClock.Median(values):0.##} of {values.Count}";
        if (limit is { } most)
        {
            return Machine.Say($"{line} (limit {most})", values.Max() <= most);
        }

        Console.WriteLine($"  {line}");
        return true;
    }

    /// <summary>Prints the first of what a checker of the ledger found.</summary>
    /// <returns>How many things it found.</returns>
    public static int Print(IReadOnlyList<string> wrong)
    {
        foreach (var sentence in wrong.Take(10))
        {
            Console.WriteLine($"    {sentence}");
        }

        return wrong.Count;
    }
}
