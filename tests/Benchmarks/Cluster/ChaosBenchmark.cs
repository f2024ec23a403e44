using System.Diagnostics;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Services;
using MedGenCluster.Simulation;

namespace MedGenCluster.Benchmarks.Cluster;

/// <summary>A silo of four is killed at random every five seconds, whatever state it is in, and another is started in its place. The job must get on all the same, and when it has
/// ended the ledger must hold what the plan says.</summary>
internal static class ChaosBenchmark
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <param name="lasting">How long silos are killed; then the job is let come to its end.</param>
    public static async Task<int> RunAsync(TimeSpan lasting, int seed = 7)
    {
        if (PostgresServer.Missing is { } reason)
        {
            Console.WriteLine($"orleans chaos: skipped, {reason}");
            return 0;
        }

        // More work than there is time for, so that something is always in hand when a silo dies.
        var plan = new SimulationPlan
        {
            Videos = (int)(lasting.TotalSeconds * 4), MaxClips = 8, Rejected = 0.05, Skew = 0.5,
            Seconds = new Dictionary<string, double> { [StageId.Fetch.Name()] = 0.1, [StageId.Segment.Name()] = 0.2, [StageId.Caption.Name()] = 0.1, [StageId.Aesthetics.Name()] = 0.2, [StageId.TechnicalQuality.Name()] = 0.2 },
        };
        Console.WriteLine($"orleans chaos: one of four silos killed every {Every.TotalSeconds:F0} s for {lasting.TotalSeconds:F0} s, {plan.Videos} videos, seed {seed}; {Machine.Load}");
        await using var server = await PostgresServer.StartAsync();
        await using var cluster = await SimulatedCluster.CreateAsync(plan, await server.CreateDatabaseAsync("chaos"));
        string[] roles = ["cpu", "cpu", "gpu", "gpu"];
        var silos = roles.Select((role, i) => cluster.Start($"{role}{i}-0", role)).ToArray();
        await cluster.FirstWorkAsync(silos[2].Name, 0);
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Every);
        var kills = 0;
        while (clock.Elapsed < lasting && await timer.WaitForNextTickAsync())
        {
            var victim = random.Next(silos.Length);
            silos[victim].Kill();
            kills++;
            Console.WriteLine($"    {clock.Elapsed.TotalSeconds:F0} s: {silos[victim].Name} is killed; {cluster.Trace().Count(line => !line.Began)} stages have ended");
            silos[victim] = cluster.Start($"{roles[victim]}{victim}-{kills}", roles[victim]);
        }

        var under = cluster.Trace().Count(line => !line.Began);
        var wrong = SilosBenchmark.Print(await cluster.CheckAsync());
        var trace = cluster.Trace();
        var again = trace.Where(line => line.Began).GroupBy(line => line.Work).Sum(lines => lines.Count() - 1);
        Console.WriteLine($"  {kills} silos killed; {under} of {trace.Count(line => !line.Began)} stages ended meanwhile, all after {clock.Elapsed.TotalSeconds:F0} s; {again} were begun again");
        var ok = Machine.Say("the job got on while silos died", under > 0);
        ok &= Machine.Say($"things that the checker of the ledger finds wrong: {wrong}", wrong == 0);
        Console.WriteLine($"  {Machine.Load}");
        return ok ? 0 : 1;
    }
}
