using System.Globalization;

namespace MedGenCluster.Benchmarks.Cluster;

/// <summary>Processor time of a PostgreSQL on this machine, by the port that it listens on.</summary>
internal static class ServerCpu
{
    private const double TicksASecond = 100;

    /// <returns>Seconds of the server and of the backends that live now or have ended.</returns>
    public static double Seconds(int port)
    {
        var stats = new List<(int Id, int Parent, double Own, double OfEnded)>();
        int? server = null;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                continue;
            }

            try
            {
                var text = File.ReadAllText(Path.Combine(folder, "stat"));
                var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                stats.Add((id, int.Parse(fields[1], CultureInfo.InvariantCulture), Ticks(fields, 11) + Ticks(fields, 12), Ticks(fields, 13) + Ticks(fields, 14)));
                if (text.Contains("(postgres)", StringComparison.Ordinal) && File.ReadAllText(Path.Combine(folder, "cmdline")).Contains($"port={port}", StringComparison.Ordinal))
                {
                    server = id;
                }
            }
            catch (IOException)
            {
                // Ended while it was looked at.
            }
        }

        return stats.Where(stat => stat.Id == server).Sum(stat => stat.Own + stat.OfEnded) + stats.Where(stat => stat.Parent == server).Sum(stat => stat.Own);
    }

    private static double Ticks(string[] fields, int index) => double.Parse(fields[index], CultureInfo.InvariantCulture) / TicksASecond;
}
