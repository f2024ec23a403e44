using System.Text.Json;
using MedGenCluster.Curation.Screening.Channels;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Engine.Screening.Results;

namespace MedGenCluster.Engine.Screening.Crawl;

/// <summary>Turns the channels of a finished screening into crawls. Planning again gives the same crawls and the same manifest.</summary>
public static class CrawlPlanner
{
    /// <summary>Writes <see cref="ScreeningFolder.CrawlManifest"/> where a chosen channel needs it.</summary>
    /// <exception cref="SourceException">The folder holds no finished screening.</exception>
    public static CrawlPlan Plan(ScreeningFolder folder, ChannelChoice choice)
    {
        var channels = Channels(folder);
        var chosen = channels.Where(channel => channel.Share >= choice.MinShare).Take(choice.MaxChannels ?? int.MaxValue).ToList();
        var crawls = new List<PlannedCrawl>();
        var leftOut = new List<string>();
        var unlisted = new HashSet<ChannelKey>();
        foreach (var channel in chosen)
        {
            switch (channel.Source)
            {
                case null:
                    unlisted.Add(channel.Key);
                    break;
                case { Kind: SourceKinds.Folder, Location: var path } when !Directory.Exists(path):
                    leftOut.Add($"channel {Name(channel)}: there is no folder {path}");
                    break;
                case var source when crawls.TrueForAll(crawl => crawl.Source != source):
                    crawls.Add(new PlannedCrawl(Name(channel), source));
                    break;
            }
        }

        var rows = 0;
        if (unlisted.Count > 0)
        {
            rows = WriteManifest(folder, unlisted, leftOut);
        }

        if (rows > 0)
        {
            crawls.Add(new PlannedCrawl("survivors of channels without a list", new SourceSpec(SourceKinds.Manifest, folder.CrawlManifest)));
        }

        return new CrawlPlan(crawls, channels.Count, chosen.Count, rows, leftOut);
    }

    private static string Name(ChannelStanding channel) => channel.Name ?? channel.Id ?? channel.Url ?? ChannelFormat.Key(channel.Key);

    private static List<ChannelStanding> Channels(ScreeningFolder folder)
    {
        try
        {
            if (folder.ReadCheckpoint() is { IsComplete: true })
            {
                return [.. File.ReadLines(folder.Channels).Select(ChannelFormat.Read)];
            }
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            throw new SourceException($"The results in '{folder.Root}' cannot be read ({exception.Message.TrimEnd('.')}). Screen again with --restart.", exception);
        }

        throw new SourceException($"'{folder.Root}' holds no finished screening. Run `medgen screen CANDIDATES --out {folder.Root}` to its end first.");
    }

    private static int WriteManifest(ScreeningFolder folder, HashSet<ChannelKey> channels, List<string> leftOut)
    {
        var rows = 0;
        using var file = new DurableFile(folder.CrawlManifest);
        foreach (var line in File.ReadLines(folder.Survivors))
        {
            using var document = JsonDocument.Parse(line);
            var row = new SurvivorRow(document.RootElement);
            if (row.Channel is not { } key || !channels.Contains(key))
            {
                continue;
            }

            if (row.IsReachable)
            {
                file.Stream.Write(row.ToManifest().Span);
                rows++;
            }
            else
            {
                leftOut.Add($"{row.Place}: the row names neither a path nor a url");
            }
        }

        file.Commit();
        return rows;
    }
}
