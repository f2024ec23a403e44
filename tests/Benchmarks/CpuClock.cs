using System.Diagnostics;

namespace MedGenCluster.Benchmarks;

internal static class CpuClock
{
    /// <summary>User and system time of this process so far, seconds; programs that it started are not in it.</summary>
    public static double Own
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.TotalProcessorTime.TotalSeconds;
        }
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
