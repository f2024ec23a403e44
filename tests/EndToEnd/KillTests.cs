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
        // Half of an even share of the crawl after the start-up, on average. On a machine that has become faster meanwhile the crawl may end before the
        // last kill; then it is checked and another one begins.
        var share = demo.Demo.OfType("curated").Single().GetProperty("totalSeconds").GetDouble() / Kills;
        var (kills, crawls) = (0, 1);
        while (kills < Kills)
        {
            using var process = Medgen.Start("crawl", demo.Channel, "--name", "demo", "--data", Data(crawls));
            var drained = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(0.4 + (1.6 * share * random.NextDouble())));
            try
            {
                await process.WaitForExitAsync(limit.Token);
                await CheckAsync(Data(crawls++));
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                process.Kill();
                await process.WaitForExitAsync();
                kills++;
            }

            await drained;
        }

        log.WriteLine($"{kills} kills, {crawls} crawls");
        await CheckAsync(Data(crawls));
    }

    private string Data(int crawl) => Path.Combine(demo.Folder, $"killed-{crawl}");

    /// <summary>Ends the crawl and compares it with one that nobody disturbed.</summary>
    private async Task CheckAsync(string data)
    {
        var last = await Medgen.RunAsync("crawl", demo.Channel, "--name", "demo", "--data", data);
        Assert.True(last.ExitCode == 4, last.Error);
        Assert.Equal(demo.Manifest, await demo.ExportAsync(data, Path.GetFileName(data)));
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
