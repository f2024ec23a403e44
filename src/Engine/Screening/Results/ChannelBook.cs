using System.Runtime.InteropServices;
using System.Text.Json;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Channels;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Engine.Screening.Shards;

namespace MedGenCluster.Engine.Screening.Results;

/// <summary>Groups survivors by channel. Memory is bounded by the channels that have a survivor; what the other channels' rows were is on the disk, by
/// shard, and never in memory at once.</summary>
internal sealed class ChannelBook
{
    private readonly Dictionary<ChannelKey, Entry> _entries = [];
    private readonly List<string> _categories = [];

    /// <summary>Takes one line of <c>survivors.ndjson</c>.</summary>
    public void Add(string line)
    {
        using var document = JsonDocument.Parse(line);
        var row = document.RootElement;
        var found = row.GetProperty(SurvivorFormat.Property);
        if (found.GetProperty("channel_key").GetString() is not { } key)
        {
            return;
        }

        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, ChannelFormat.ParseKey(key), out _);
        entry ??= new Entry();
        entry.Id ??= JsonText.Of(row, "channel_id");
        var url = JsonText.Of(row, "channel_url");
        entry.Url ??= url;
        entry.Source ??= ChannelSource.Of(url, Path.GetDirectoryName(found.GetProperty("input").GetString())!);
        entry.Name ??= JsonText.Of(row, "channel") ?? JsonText.Of(row, "uploader");
        entry.Survivors++;
        if (found.GetProperty("probability") is { ValueKind: JsonValueKind.Number } probability)
        {
            entry.Probabilities += probability.GetDouble();
            entry.Scored++;
        }

        foreach (var category in found.GetProperty("terms").EnumerateArray().Select(term => term.GetProperty("category").GetString()!).Distinct())
        {
            var index = _categories.IndexOf(category);
            if (index < 0)
            {
                index = _categories.Count;
                _categories.Add(category);
            }

            entry.Count(index);
        }
    }

    /// <summary>The channels in the order of their rank.</summary>
    /// <param name="countRows">Adds the rows of every shard to the channels that are asked for.</param>
    public IEnumerable<ChannelStanding> Close(Action<Dictionary<ChannelKey, long>> countRows)
    {
        var rows = _entries.Keys.ToDictionary(key => key, _ => 0L);
        countRows(rows);
        return ChannelStanding.Rank(_entries.Select(pair => pair.Value.Standing(pair.Key, rows[pair.Key], _categories)));
    }

    private sealed class Entry
    {
        public string? Id { get; set; }

        public string? Url { get; set; }

        public string? Name { get; set; }

        public SourceSpec? Source { get; set; }

        public long Survivors { get; set; }

        public double Probabilities { get; set; }

        public long Scored { get; set; }

        // By the index of the category: there can be as many channels as survivors, and a dictionary in each would be most of the memory.
        private int[] _byCategory = [];

        public void Count(int category)
        {
            if (category >= _byCategory.Length)
            {
                Array.Resize(ref _byCategory, category + 1);
            }

            _byCategory[category]++;
        }

        public ChannelStanding Standing(ChannelKey key, long rows, List<string> categories) => new(
            key, Id, Url, Name, Source, Math.Max(rows, Survivors), Survivors, Scored == 0 ? null : Math.Round(Probabilities / Scored, 6),
            NamedCount.Ordered(_byCategory.Select((count, index) => KeyValuePair.Create(categories[index], (long)count)).Where(pair => pair.Value > 0)));
    }
}
