namespace MedGenCluster.Benchmarks.Cluster;

/// <summary>What else the machine does: figures of a busy one are worth less.</summary>
internal static class Machine
{
    public static string Load => $"{Environment.ProcessorCount} processors, load {string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3))}";

    /// <summary>A line of a report with its verdict.</summary>
    public static bool Say(string line, bool within)
    {
        Console.WriteLine($"  {line}  {(within ? "ok" : "OVER")}");
        return within;
    }
}
