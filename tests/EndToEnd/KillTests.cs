using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace MedGenCluster.EndToEnd;

/// <summary>The process is killed where it stands, again and again; the crawl must end as if nothing had happened, with the same manifest byte for byte.</summary>
[Collection(DemoCollection.Name)]
public sealed class KillTests(DemoFixture demo, ITestOutputHelper log)
{
    private const int Kills = 20;

    /// <summary>About what a process needs before it works, seconds: a kill before that tests nothing.</summary>
    private const double StartUp = 1;

    [Fact]
    public async Task Twenty_kills_lose_nothing_and_repeat_nothing()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        log.WriteLine($"seed {seed}");
        // Half of an even share of the crawl after the start-up, on average. On a machine that has become faster meanwhile the crawl may end before the
        // last kill; then it is checked and another one begins.
        var part = await demo.PartAsync();
        var share = part.Duration.TotalSeconds / Kills;
        var (kills, crawls) = (0, 1);
        var (patience, reached) = (1, 0);
        while (kills < Kills)
        {
            using var process = Medgen.Start("crawl", part.Channel, "--name", "demo", "--data", Data(crawls));
            var drained = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(patience * (StartUp + (1.6 * share * random.NextDouble()))));
            try
            {
                await process.WaitForExitAsync(limit.Token);
                await CheckAsync(part, Data(crawls++));
                (patience, reached) = (1, 0);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                process.Kill();
                await process.WaitForExitAsync();
                kills++;

                // Lives that are all shorter than a stage are a machine that nothing can be done on: an item is put aside after some, as it might be what kills.
                var now = Percent(string.Concat(await drained));
                (patience, reached) = now > reached ? (1, now) : (2 * patience, reached);
            }

            await drained;
        }

        log.WriteLine($"{kills} kills, {crawls} crawls");
        await CheckAsync(part, Data(crawls));
    }

    /// <summary>How much of the crawl was done at last, by its own account; 0 where it said nothing.</summary>
    private static int Percent(string said) => Regex.Matches(said, @"(\d+) %").LastOrDefault() is { } last ? int.Parse(last.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    private string Data(int crawl) => Path.Combine(demo.Folder, $"killed-{crawl}");

    /// <summary>Ends the crawl and compares it with one that nobody disturbed.</summary>
    private async Task CheckAsync(ChannelPart part, string data)
    {
        var last = await Medgen.RunAsync("crawl", part.Channel, "--name", "demo", "--data", data);
        Assert.True(last.ExitCode == part.ExitCode, last.Error);
        Assert.Equal(await OutcomesAsync(part.Data), await OutcomesAsync(data));
        Assert.Equal(part.Manifest, await demo.ExportAsync(data, Path.GetFileName(data)));
    }

    /// <summary>How every clip ended and why, in the order of the list; none is listed twice.</summary>
    private static async Task<List<string>> OutcomesAsync(string data)
    {
        var clips = (await Medgen.RunAsync("clips", "--data", data, "--limit", "100000", "--json")).Succeeds().Json.ToList();
        Assert.Equal(clips.Count, clips.Select(clip => clip.GetProperty("id").GetString()).Distinct().Count());
        return [.. clips.Select(clip => $"{clip.GetProperty("id")} {clip.GetProperty("outcome")} {clip.GetProperty("stage")} {clip.GetProperty("reason")}").Order(StringComparer.Ordinal)];
    }
}
