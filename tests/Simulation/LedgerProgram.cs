using MedGenCluster.Engine;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.Simulation;

/// <summary>Gives a plan to a cluster's ledger, or holds the ledger against it.</summary>
internal static class LedgerProgram
{
    /// <returns>0 where all is well, 1 where the check found something.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var plan = SimulationPlan.Read(args[0]);
        var settings = ClusterConfiguration.Read(_ => null, Environment.GetEnvironmentVariable);
        await using var ledger = Ledgers.Open(settings, DataDirectory.Open(args[1], "operator"), TimeProvider.System, NullLogger.Instance);
        if (args[2] == "submit")
        {
            Console.WriteLine($"job {(await SimulatedSilo.SubmitAsync(ledger)).Id}");
            return 0;
        }

        var wrong = LedgerCheck.Of(ledger, plan);
        foreach (var sentence in wrong.Take(50))
        {
            Console.WriteLine(sentence);
        }

        Console.WriteLine(wrong.Count == 0 ? "the ledger is as the plan says" : $"{wrong.Count} things are wrong");
        return wrong.Count == 0 ? 0 : 1;
    }
}
