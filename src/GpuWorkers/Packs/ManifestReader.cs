using System.Text.Json;
using MedGenCluster.Curation.Models;

namespace MedGenCluster.GpuWorkers.Packs;

/// <summary>Reads manifest.json. Unknown fields are ignored; what is wrong is named by its place in the document.</summary>
internal static class ManifestReader
{
    public static (string Name, bool Demo, string Version, List<ModelEntry> Entries) Read(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw Wrong(path, "the document is not an object");

        var entries = new List<ModelEntry>();
        if (!root.TryGetProperty("roles", out var roles) || roles.ValueKind != JsonValueKind.Object)
            throw Wrong(path, "it has no object \"roles\"");
        foreach (var role in roles.EnumerateObject())
            entries.Add(Entry(path, role.Name, role.Value));

        var demo = root.TryGetProperty("demo", out var flag) && flag.ValueKind == JsonValueKind.True;
        return (Text(path, root, "name", "the document"), demo, Optional(root, "version"), entries);
    }

    private static ModelEntry Entry(string path, string role, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw Wrong(path, $"role {role} is not an object");
        JsonElement? preprocessing = json.TryGetProperty("preprocessing", out var value) ? value.Clone() : null;
        return new ModelEntry(
            role, File(path, role, json), Ports(path, role, json, "inputs"), Ports(path, role, json, "outputs"), preprocessing,
            Optional(json, "licence"), Optional(json, "source"), Optional(json, "version"),
            [.. Items(path, role, json, "extra").Select(extra => File(path, role, extra))]);
    }

    private static PackFile File(string path, string role, JsonElement json)
    {
        var file = Text(path, json, "file", $"role {role}");
        if (Path.IsPathRooted(file) || file.Split('/', '\\').Contains(".."))
            throw Wrong(path, $"role {role} names the file {file}, which is outside of the pack's folder");
        var bytes = json.TryGetProperty("bytes", out var length) && length.TryGetInt64(out var count) ? count : -1;
        if (bytes < 0)
            throw Wrong(path, $"role {role}, file {file} has no number \"bytes\"");
        var sha256 = Text(path, json, "sha256", $"role {role}").ToLowerInvariant();
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower))
            throw Wrong(path, $"role {role}, file {file}: \"sha256\" is not 64 hexadecimal digits");
        return new PackFile(file, sha256, bytes);
    }

    private static List<TensorPort> Ports(string path, string role, JsonElement json, string field) =>
    [
        .. Items(path, role, json, field).Select(port =>
        {
            var place = $"role {role}, {field}";
            if (!port.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array)
                throw Wrong(path, $"{place}: a port has no array \"shape\"");
            var type = Optional(port, "type");
            return new TensorPort(
                Text(path, port, "name", place), [.. shape.EnumerateArray().Select(axis => Axis(path, place, axis))], type.Length == 0 ? "float32" : type);
        }),
    ];

    private static Axis Axis(string path, string place, JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number when json.TryGetInt32(out var size) && size > 0 => new Axis(size, null),
        JsonValueKind.String => new Axis(null, json.GetString()),
        _ => throw Wrong(path, $"{place}: an axis is {json.GetRawText()}, neither a positive number nor a name"),
    };

    private static IEnumerable<JsonElement> Items(string path, string role, JsonElement json, string field)
    {
        if (!json.TryGetProperty(field, out var items) || items.ValueKind == JsonValueKind.Null)
            return [];
        return items.ValueKind == JsonValueKind.Array && items.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
            ? items.EnumerateArray()
            : throw Wrong(path, $"role {role}: \"{field}\" is not an array of objects");
    }

    private static string Text(string path, JsonElement json, string field, string place) =>
        Optional(json, field) is { Length: > 0 } text ? text : throw Wrong(path, $"{place} has no text \"{field}\"");

    private static string Optional(JsonElement json, string field) =>
        json.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static ModelException Wrong(string path, string what) => new($"The manifest {path} cannot be used: {what}.");
}
