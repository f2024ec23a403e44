namespace MedGenCluster.Benchmarks.Cluster;
internal static class MonthBenchmark { public static Task<int> RunAsync(double share) => Task.FromResult((int)share * 0); }
