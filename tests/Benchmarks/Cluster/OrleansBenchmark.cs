using System.Globalization;

namespace MedGenCluster.Benchmarks.Cluster;

/// <summary>What the Orleans engine costs, how soon a cluster recovers, and how well it keeps its narrowest stage at work.</summary>
internal static class OrleansBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        return args switch
        {
            [] => await HopBenchmark.RunAsync(3000) | await ActivationBenchmark.RunAsync(100_000) | await SilosBenchmark.RunAsync(3) | await MonthBenchmark.RunAsync(0.1),
            ["hop", .. var rest] => await HopBenchmark.RunAsync(rest is [var videos] ? int.Parse(videos, CultureInfo.InvariantCulture) : 3000),
            ["activations", .. var rest] => await ActivationBenchmark.RunAsync(rest is [var grains] ? int.Parse(grains, CultureInfo.InvariantCulture) : 100_000),
            ["silos", "all", .. var rest] => await SilosBenchmark.RunAsync(rest is [var rounds] ? int.Parse(rounds, CultureInfo.InvariantCulture) : 5, gpu: false),
            ["silos", .. var rest] => await SilosBenchmark.RunAsync(rest is [var rounds] ? int.Parse(rounds, CultureInfo.InvariantCulture) : 5),
            ["chaos", .. var rest] => await ChaosBenchmark.RunAsync(TimeSpan.FromSeconds(rest is [var seconds] ? double.Parse(seconds, CultureInfo.InvariantCulture) : 180)),
            ["month", .. var rest] => await MonthBenchmark.RunAsync(rest is [var share] ? double.Parse(share, CultureInfo.InvariantCulture) : 1),
            _ => throw new ArgumentException("After orleans comes nothing, or hop, activations, silos, chaos or month with its number."),
        };
    }
}
