using MedGenCluster.Curation.Screening.Report;
using MedGenCluster.Engine.Export.Formats;
using MedGenCluster.Engine.Screening.Shards;

namespace MedGenCluster.Engine.Screening.Results;

/// <summary>A line of <c>shards.ndjson</c>.</summary>
internal static class ShardFormat
{
    public static ReadOnlyMemory<byte> Write(int shard, ShardTally tally) => Json.Write(json =>
    {
        var counts = tally.Counts;
        json.WriteStartObject();
        json.WriteNumber("shard", shard);
        json.WriteString("input", tally.Input);
        json.WriteNumber("offset", tally.From.Offset);
        json.WriteNumber("line", tally.From.Line);
        json.WriteNumber("bytes", counts.Bytes);
        json.WriteNumber("rows", counts.Rows);
        json.WriteNumber("keyword_hits", counts.Hits);
        json.WriteNumber("rejected", counts.Rejected);
        json.WriteNumber("duplicates", counts.Duplicates);
        json.WriteNumber("survivors", counts.Survivors);
        json.WriteStartObject("troubles");
        foreach (var (kind, trouble) in counts.Troubles.OrderBy(pair => pair.Key))
        {
            json.WriteStartObject(kind.Name());
            json.WriteNumber("count", trouble.Count);
            json.WriteStartArray("first_lines");
            foreach (var place in trouble.First)
            {
                json.WriteNumberValue(place.Line);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    });
}
