using System.Text.Json;
using MedGenCluster.Curation.Models;
using MedGenCluster.GpuWorkers.Packs;

namespace MedGenCluster.GpuWorkers.Text;

/// <summary>What the manifest says about a text embedder's input: <c>"preprocessing": { "kind": "wordpiece", "vocabulary": "vocab.txt",
/// "max_tokens": 512, "pooling": "cls-l2" }</c>.</summary>
/// <param name="Vocabulary">One of the entry's extra files.</param>
/// <param name="MaxTokens">Most tokens of a text, [CLS] and [SEP] included.</param>
internal sealed record TextInput(PackFile Vocabulary, int MaxTokens)
{
    private const int BertTokens = 512;

    /// <exception cref="ModelException">The manifest describes no WordPiece input, or one that is not supported.</exception>
    public static TextInput Of(ModelEntry entry)
    {
        if (entry.Preprocessing is not { ValueKind: JsonValueKind.Object } json || Text(json, "kind") != "wordpiece")
            throw Wrong(entry, "\"preprocessing\" is not of the kind wordpiece");
        if (Text(json, "pooling") is { } pooling && pooling != "cls-l2")
            throw Wrong(entry, $"the pooling {pooling} is not supported; cls-l2 is");
        var name = Text(json, "vocabulary");
        var vocabulary = entry.Extra.FirstOrDefault(file => file.Path == name)
            ?? throw Wrong(entry, $"\"preprocessing\" names the vocabulary {name ?? "(none)"}, which is not among the role's \"extra\" files");
        var tokens = json.TryGetProperty("max_tokens", out var value) ? value.TryGetInt32(out var number) ? number : 0 : BertTokens;
        return tokens >= 2 ? new TextInput(vocabulary, tokens) : throw Wrong(entry, "\"max_tokens\" is not a number of at least 2");
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ModelException Wrong(ModelEntry entry, string what) => new($"{entry.Role}: the manifest cannot be used: {what}. Mend the manifest.");
}
