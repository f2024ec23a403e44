using System.Text.Json;
using MedGenCluster.Curation.Screening.Channels;
using MedGenCluster.Engine.Export.Formats;
using MedGenCluster.Engine.Screening.Results;
using MedGenCluster.Engine.Screening.Shards;

namespace MedGenCluster.Engine.Screening.Crawl;

/// <summary>A line of <c>survivors.ndjson</c>.</summary>
internal sealed class SurvivorRow(JsonElement row)
{
    // What a manifest's reader knows, besides path and url.
    private static readonly string[] Texts =
        ["id", "extractor", "title", "description", "webpage_url", "channel", "channel_id", "uploader", "license", "upload_date", "duration", "live_status", "transcript"];

    private readonly JsonElement _found = row.GetProperty(SurvivorFormat.Property);

    /// <summary>Null where the row names no channel.</summary>
    public ChannelKey? Channel => _found.GetProperty("channel_key").GetString() is { } key ? ChannelFormat.ParseKey(key) : null;

    /// <summary>File and line that it comes from.</summary>
    public string Place => $"{Input}:{_found.GetProperty("line").GetInt64()}";

    public bool IsReachable => JsonText.Of(row, "path") is not null || JsonText.Of(row, "url") is not null || JsonText.Of(row, "webpage_url") is not null;

    private string Input => _found.GetProperty("input").GetString()!;

    /// <summary>The row for a crawl's manifest. A relative path is relative to the file of candidates, which the manifest does not lie beside.</summary>
    public ReadOnlyMemory<byte> ToManifest() => Json.Write(json =>
    {
        json.WriteStartObject();
        if (JsonText.Of(row, "path") is { } path)
        {
            json.WriteString("path", path.Contains('\0') ? path : Path.GetFullPath(path, Path.GetDirectoryName(Input)!));
        }

        if (JsonText.Of(row, "url") is { } url)
        {
            json.WriteString("url", url);
        }

        foreach (var name in Texts)
        {
            if (JsonText.Of(row, name) is { } text)
            {
                json.WriteString(name, text);
            }
        }

        List("tags");
        List("categories");
        json.WriteEndObject();

        void List(string name)
        {
            if (row.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array or JsonValueKind.String)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(list.GetRawText(), skipInputValidation: true);
            }
        }
    });
}
