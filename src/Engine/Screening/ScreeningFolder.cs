using System.Globalization;
using System.Text.Json;

namespace MedGenCluster.Engine.Screening;

/// <summary>The folder of one screening's results.</summary>
public sealed class ScreeningFolder(string root)
{
    /// <summary>Absolute.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>The surviving rows, in the order of the inputs.</summary>
    public string Survivors => Path.Combine(Root, "survivors.ndjson");

    /// <summary>A sample of the rows that the classifier rejected.</summary>
    public string RejectedSample => Path.Combine(Root, "rejected-sample.ndjson");

    /// <summary>Counts by shard.</summary>
    public string Shards => Path.Combine(Root, "shards.ndjson");

    /// <summary>Channels with a survivor, best first.</summary>
    public string Channels => Path.Combine(Root, "channels.ndjson");

    public string Report => Path.Combine(Root, "report.md");

    public string ReportJson => Path.Combine(Root, "report.json");

    /// <summary>Survivors whose channel cannot be listed, as a crawl's manifest.</summary>
    public string CrawlManifest => Path.Combine(Root, "crawl-manifest.ndjson");

    internal string CheckpointPath => Path.Combine(Root, "checkpoint.json");

    /// <summary>Parts of the results while the screening runs.</summary>
    internal string Work => Path.Combine(Root, "work");

    internal IEnumerable<string> Results => [Survivors, RejectedSample, Shards, Channels, Report, ReportJson];

    internal string Part(int shard, string kind) => Path.Combine(Work, $"{shard.ToString("D6", CultureInfo.InvariantCulture)}.{kind}");

    /// <summary>Takes the folder for this process; null where another process screens into it. The system frees it when the holder dies.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    internal IDisposable? TryLock()
    {
        Directory.CreateDirectory(Root);
        try
        {
            return new FileStream(Path.Combine(Root, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The checkpoint; null where there is none.</summary>
    /// <exception cref="JsonException">It is damaged.</exception>
    internal Checkpoint? ReadCheckpoint() => File.Exists(CheckpointPath) ? ScreeningJson.Read<Checkpoint>(File.ReadAllBytes(CheckpointPath)) : null;

    internal void WriteCheckpoint(Checkpoint checkpoint) => DurableFile.Write(CheckpointPath, ScreeningJson.Write(checkpoint, indented: true));

    /// <summary>Removes what a screening writes, and nothing else.</summary>
    internal void Clear()
    {
        File.Delete(CheckpointPath);
        foreach (var file in Results.Append(CrawlManifest))
        {
            File.Delete(file);
        }

        RemoveWork();
    }

    internal void RemoveWork()
    {
        if (Directory.Exists(Work))
        {
            Directory.Delete(Work, recursive: true);
        }
    }
}
