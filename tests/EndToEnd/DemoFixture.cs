using System.Diagnostics;

namespace MedGenCluster.EndToEnd;

/// <summary>One run of <c>medgen demo</c> that the tests look at.</summary>
public sealed class DemoFixture : IAsyncLifetime
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("medgen-e2e-").FullName;

    public string DemoFolder => Path.Combine(Folder, "demo");

    public string Channel => Path.Combine(DemoFolder, "channel");

    public string Data => Path.Combine(DemoFolder, "data");

    public string Dataset => Path.Combine(DemoFolder, "dataset");

    internal MedgenRun Demo { get; private set; } = null!;

    private Task<ChannelPart>? _part;

    /// <summary>The manifest of the demo's dataset, byte for byte.</summary>
    public byte[] Manifest => File.ReadAllBytes(Path.Combine(Dataset, "metadata.jsonl"));

    public async Task InitializeAsync() => Demo = await Medgen.RunAsync("demo", "--out", DemoFolder, "--json");

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Every fifth video of the channel (all of them where MEDGEN_TEST_WHOLE_CHANNEL is set), crawled by nobody that was disturbed: for tests that crawl it again and again.</summary>
    internal Task<ChannelPart> PartAsync() => _part ??= CrawlPartAsync();

    private async Task<ChannelPart> CrawlPartAsync()
    {
        var channel = Directory.CreateDirectory(Path.Combine(Folder, "part")).FullName;
        var videos = Directory.GetFiles(Channel, "*.mp4").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);
        var step = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("MEDGEN_TEST_WHOLE_CHANNEL")) ? 5 : 1;
        foreach (var file in videos.Where((_, number) => number % step == 0).SelectMany(video => Directory.GetFiles(Channel, video + ".*")))
        {
            File.Copy(file, Path.Combine(channel, Path.GetFileName(file)));
        }

        var data = Path.Combine(Folder, "part-data");
        var clock = Stopwatch.StartNew();
        var crawl = await Medgen.RunAsync("crawl", channel, "--name", "demo", "--data", data);
        Assert.True(crawl.ExitCode is 0 or 4, crawl.Error);
        var part = new ChannelPart(channel, data, crawl.ExitCode, clock.Elapsed, await ExportAsync(data, "part"));
        Assert.True(part.Manifest.Count(character => character == '\n') >= 5, "the part of the channel has too few clips to tell anything");
        return part;
    }

    /// <summary>Copies the demo's data directory, for who changes it.</summary>
    internal void CopyData(string target)
    {
        foreach (var file in Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(Data, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Exports a data directory and gives the manifest.</summary>
    internal async Task<byte[]> ExportAsync(string data, string name)
    {
        var dataset = Path.Combine(Folder, name + "-dataset");
        (await Medgen.RunAsync("export", dataset, "--data", data, "--name", "medgen-demo", "--overwrite")).Succeeds();
        return await File.ReadAllBytesAsync(Path.Combine(dataset, "metadata.jsonl"));
    }
}

/// <summary>A folder of some videos of the demo's channel, and what a crawl of it gives.</summary>
/// <param name="ExitCode">Of the crawl: 4 where videos are among them that fail.</param>
internal sealed record ChannelPart(string Channel, string Data, int ExitCode, TimeSpan Duration, byte[] Manifest);

[CollectionDefinition(Name)]
public sealed class DemoCollection : ICollectionFixture<DemoFixture>
{
    public const string Name = "demo";
}
