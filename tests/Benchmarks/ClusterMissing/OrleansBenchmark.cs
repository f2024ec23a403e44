namespace MedGenCluster.Benchmarks.Cluster;

/// <summary>Stands where this build has no Orleans.</summary>
internal static class OrleansBenchmark
{
    public static Task<int> RunAsync(string[] args)
    {
        Console.WriteLine("orleans: skipped, this build has no Orleans. Give it a registry that has the packages and run `./medgen setup --force`.");
        return Task.FromResult(args.Length * 0);
    }
}
