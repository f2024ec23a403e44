using System.Diagnostics;
using Xunit.Abstractions;

namespace MedGenCluster.EndToEnd;

/// <summary>The process is killed where it stands, again and again; the crawl must end as if nothing had happened.</summary>
[Collection(DemoCollection.Name)]
public sealed class KillTests(DemoFixture demo, ITestOutputHelper log)
{
    private const int Kills = 20;

    [Fact]
    public async Task Twenty_kills_lose_nothing_and_repeat_nothing()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        log.WriteLine($"seed {seed}");
        var data = Path.Combine(demo.Folder, "killed");
        // Half of an even share of the crawl after the start-up, on average: work is left at the last kill on a fast machine and on a slow one.
        var share = demo.Demo.OfType("curated").Single().GetProperty("totalSeconds").GetDouble() / Kills;
        var kills = 0;
        while (kills < Kills)
        {
            using var process = Medgen.Start("crawl", demo.Channel, "--name", "demo", "--data", data);
            var drained = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(0.4 + (1.6 * share * random.NextDouble())));
            try
            {
                await process.WaitForExitAsync(limit.Token);
                break;
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                await process.WaitForExitAsync();
                kills++;
            }

            await drained;
        }

        log.WriteLine($"{kills} kills");
        Assert.True(kills >= Kills, $"the crawl was done after {kills} kills; the moments are too far apart");
        var last = await Medgen.RunAsync("crawl", demo.Channel, "--name", "demo", "--data", data);
        Assert.True(last.ExitCode == 4, last.Error);
        Assert.Equal(demo.Manifest, await demo.ExportAsync(data, "killed"));
        Assert.Equal(await AcceptedAsync(demo.Data), await AcceptedAsync(data));
    }

    private static async Task<List<string>> AcceptedAsync(string data)
    {
        var clips = (await Medgen.RunAsync("clips", "--data", data, "--outcome", "accepted", "--limit", "100000", "--json")).Succeeds();
        var ids = clips.Json.Select(clip => clip.GetProperty("id").GetString()!).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        return ids;
    }
}
