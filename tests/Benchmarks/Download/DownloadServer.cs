using System.Globalization;
using MedGenCluster.StandIn;

namespace MedGenCluster.Benchmarks.Download;

/// <summary>The other side of the download benchmark, a process of its own so that its work is not counted as the client's. Commands come line by line on the
/// standard input; each is answered by a line.</summary>
internal static class DownloadServer
{
    public const int FileBytes = 5_000_000;

    public const string Large = "/large.mp4";

    public const string Small = "/small.mp4";

    public static async Task<int> RunAsync()
    {
        await using var net = await StandInServer.StartAsync();
        net.Add(Large, StandInFile.Noise(FileBytes));
        net.Add(Small, StandInFile.Noise(4096));
        Console.WriteLine(net.Root);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            switch (line.Split(' '))
            {
                // enforce RATE BURST EVERY REST: a rate, and 429 to each so-manieth request beside it.
                case ["enforce", var rate, var burst, var every, var rest]:
                    net.Log.Clear();
                    net.Rate = new EnforcedRate(Number(rate), Number(burst), TimeSpan.FromSeconds(1), TimeProvider.System);
                    net.Troubles.Everywhere(Trouble.Throttled(TimeSpan.FromSeconds(Number(rest))), every: (int)Number(every));
                    Console.WriteLine("ok");
                    break;
                case ["report"]:
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{net.Log.All.Count} {net.Rate?.Violations ?? 0} {net.Log.All.Count(request => request.Status == 429)}"));
                    break;
                default:
                    Console.WriteLine("what?");
                    break;
            }
        }

        return 0;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
