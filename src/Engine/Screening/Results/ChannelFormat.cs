using System.Globalization;
using System.Text.Json;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Channels;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Engine.Export.Formats;

namespace MedGenCluster.Engine.Screening.Results;

/// <summary>A line of <c>channels.ndjson</c>.</summary>
internal static class ChannelFormat
{
    public static ReadOnlyMemory<byte> Write(ChannelStanding channel, int rank) => Json.Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("rank", rank);
        json.WriteString("channel_key", Key(channel.Key));
        json.WriteString("channel_id", channel.Id);
        json.WriteString("channel_url", channel.Url);
        json.WriteString("channel", channel.Name);
        json.WriteString("source_kind", channel.Source?.Kind);
        json.WriteString("source_location", channel.Source?.Location);
        json.WriteNumber("rows", channel.Rows);
        json.WriteNumber("survivors", channel.Survivors);
        json.Real("medical_share", Math.Round(channel.Share, 6));
        json.Real("lower_bound", Math.Round(channel.LowerBound, 6));
        json.Real("mean_probability", channel.MeanProbability);
        json.WriteStartObject("categories");
        foreach (var category in channel.Categories)
        {
            json.WriteNumber(category.Name, category.Count);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <exception cref="JsonException">The line is none of <see cref="Write"/>.</exception>
    public static ChannelStanding Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        var row = document.RootElement;
        try
        {
            return new ChannelStanding(
                ParseKey(row.GetProperty("channel_key").GetString()!),
                row.GetProperty("channel_id").GetString(),
                row.GetProperty("channel_url").GetString(),
                row.GetProperty("channel").GetString(),
                row.GetProperty("source_kind").GetString() is { } kind ? new SourceSpec(kind, row.GetProperty("source_location").GetString()!) : null,
                row.GetProperty("rows").GetInt64(),
                row.GetProperty("survivors").GetInt64(),
                row.GetProperty("mean_probability") is { ValueKind: JsonValueKind.Number } mean ? mean.GetDouble() : null,
                [.. row.GetProperty("categories").EnumerateObject().Select(category => new NamedCount(category.Name, category.Value.GetInt64()))]);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException("The line is not one of a screening's channels.", exception);
        }
    }

    public static string Key(ChannelKey key) => key.Value.ToString("x16", CultureInfo.InvariantCulture);

    /// <exception cref="FormatException">It is no key.</exception>
    public static ChannelKey ParseKey(string text) => new(ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
