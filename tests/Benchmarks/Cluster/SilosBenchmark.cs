namespace MedGenCluster.Benchmarks.Cluster;
internal static class SilosBenchmark { public static Task<int> RunAsync(int rounds) => Task.FromResult(rounds * 0); }
