using System.Buffers.Binary;
using System.Text.Json;
using MedGenCluster.Curation.Screening.Channels;

namespace MedGenCluster.Engine.Screening.Shards;

/// <summary>The two files of each finished shard: its survivors, and everything else that is known of it. The second is written last and makes the shard
/// whole, so that both are there or the shard is done again.</summary>
/// <remarks>The second file: length of the tally (4 bytes, little endian), the tally as JSON, 16 bytes for each survivor's identity, then 8 + 8 bytes for each
/// channel and its rows.</remarks>
internal sealed class ShardParts(ScreeningFolder folder)
{
    public const string Survivors = "survivors.ndjson";

    private const string Rest = "shard";
    private const int RecordBytes = 16;

    /// <summary>Writes what is known of a shard besides its survivors, which lie there already, and makes it whole.</summary>
    public void Finish(int shard, IReadOnlyList<UInt128> identities, IReadOnlyDictionary<ChannelKey, long> rowsByChannel, ShardTally tally)
    {
        var json = ScreeningJson.Write(tally);
        var bytes = new byte[sizeof(int) + json.Length + (RecordBytes * (identities.Count + rowsByChannel.Count))];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, sizeof(int));
        var rest = bytes.AsSpan(sizeof(int) + json.Length);
        foreach (var identity in identities)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(rest, identity);
            rest = rest[RecordBytes..];
        }

        foreach (var (channel, rows) in rowsByChannel)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, channel.Value);
            BinaryPrimitives.WriteInt64LittleEndian(rest[sizeof(ulong)..], rows);
            rest = rest[RecordBytes..];
        }

        DurableFile.Write(folder.Part(shard, Rest), bytes);
    }

    /// <summary>How many shards are whole, from the first on.</summary>
    public int CountWhole()
    {
        var shard = 0;
        while (IsWhole(shard))
        {
            shard++;
        }

        return shard;
    }

    public ShardTally ReadTally(int shard) => Read(shard).Tally;

    public void AddIdentities(int shard, HashSet<UInt128> identities)
    {
        var (tally, records) = Read(shard);
        for (var i = 0; i < tally.Counts.Survivors; i++)
        {
            identities.Add(BinaryPrimitives.ReadUInt128LittleEndian(records.AsSpan(i * RecordBytes)));
        }
    }

    /// <summary>Adds a shard's rows to the channels that are asked for, whatever others it holds: memory is bounded by those that have a survivor.</summary>
    public void AddRows(int shard, Dictionary<ChannelKey, long> rowsByChannel)
    {
        var (tally, records) = Read(shard);
        for (var rest = records.AsSpan((int)tally.Counts.Survivors * RecordBytes); !rest.IsEmpty; rest = rest[RecordBytes..])
        {
            var channel = new ChannelKey(BinaryPrimitives.ReadUInt64LittleEndian(rest));
            if (rowsByChannel.TryGetValue(channel, out var rows))
            {
                rowsByChannel[channel] = rows + BinaryPrimitives.ReadInt64LittleEndian(rest[sizeof(ulong)..]);
            }
        }
    }

    private bool IsWhole(int shard)
    {
        if (!File.Exists(folder.Part(shard, Survivors)) || !File.Exists(folder.Part(shard, Rest)))
        {
            return false;
        }

        try
        {
            Read(shard);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <exception cref="JsonException">The file is damaged.</exception>
    private (ShardTally Tally, byte[] Records) Read(int shard)
    {
        var bytes = File.ReadAllBytes(folder.Part(shard, Rest));
        var json = bytes.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (json < 0 || json > bytes.Length - sizeof(int))
        {
            throw new JsonException("The shard is cut short.");
        }

        var tally = ScreeningJson.Read<ShardTally>(bytes.AsSpan(sizeof(int), json));
        var records = bytes[(sizeof(int) + json)..];
        return records.Length % RecordBytes == 0 && records.Length / RecordBytes >= tally.Counts.Survivors
            ? (tally, records)
            : throw new JsonException("The shard is cut short.");
    }
}
