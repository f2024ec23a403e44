using System.Buffers.Binary;
using System.Text.Json;
using MedGenCluster.Curation.Screening.Channels;

namespace MedGenCluster.Engine.Screening.Shards;

/// <summary>The files of finished shards: survivors, their identities, rows by channel, and the tally, which is written last and makes the shard whole.</summary>
internal sealed class ShardParts(ScreeningFolder folder)
{
    public const string Survivors = "survivors.ndjson";

    private const string Identities = "identities";
    private const string Channels = "channels";
    private const string Tally = "tally.json";

    /// <summary>Writes what is known of a shard besides its survivors, which lie there already, and makes it whole.</summary>
    public void Finish(int shard, IReadOnlyList<UInt128> identities, IReadOnlyDictionary<ChannelKey, long> rowsByChannel, ShardTally tally)
    {
        var bytes = new byte[identities.Count * 16];
        for (var i = 0; i < identities.Count; i++)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(i * 16), identities[i]);
        }

        DurableFile.Write(folder.Part(shard, Identities), bytes);

        bytes = new byte[rowsByChannel.Count * 16];
        var position = 0;
        foreach (var (channel, rows) in rowsByChannel)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(position), channel.Value);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(position + 8), rows);
            position += 16;
        }

        DurableFile.Write(folder.Part(shard, Channels), bytes);
        DurableFile.Write(folder.Part(shard, Tally), ScreeningJson.Write(tally));
    }

    /// <summary>How many shards are whole, of those that the checkpoint names. It is all of them unless the disk lost something.</summary>
    public int Whole(int finished)
    {
        for (var shard = 0; shard < finished; shard++)
        {
            if (!new[] { Survivors, Identities, Channels, Tally }.All(kind => File.Exists(folder.Part(shard, kind))) || !CanRead(shard))
            {
                return shard;
            }
        }

        return finished;
    }

    public ShardTally ReadTally(int shard) => ScreeningJson.Read<ShardTally>(File.ReadAllBytes(folder.Part(shard, Tally)));

    public void AddIdentities(int shard, HashSet<UInt128> identities)
    {
        var bytes = File.ReadAllBytes(folder.Part(shard, Identities)).AsSpan();
        for (; bytes.Length >= 16; bytes = bytes[16..])
        {
            identities.Add(BinaryPrimitives.ReadUInt128LittleEndian(bytes));
        }
    }

    /// <summary>Adds a shard's rows to the channels that are asked for, whatever others it holds: memory is bounded by those that have a survivor.</summary>
    public void AddRows(int shard, Dictionary<ChannelKey, long> rowsByChannel)
    {
        var bytes = File.ReadAllBytes(folder.Part(shard, Channels)).AsSpan();
        for (; bytes.Length >= 16; bytes = bytes[16..])
        {
            var channel = new ChannelKey(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            if (rowsByChannel.TryGetValue(channel, out var rows))
            {
                rowsByChannel[channel] = rows + BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
            }
        }
    }

    private bool CanRead(int shard)
    {
        try
        {
            var tally = ReadTally(shard);
            return new FileInfo(folder.Part(shard, Identities)).Length == tally.Counts.Survivors * 16;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
