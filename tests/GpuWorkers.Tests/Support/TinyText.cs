using System.Security.Cryptography;
using MedGenCluster.GpuWorkers.Packs;

namespace MedGenCluster.GpuWorkers.Tests.Support;

/// <summary>A pack with the text embedder of tiny_onnx and a vocabulary in which the piece with id 7 is the word w7.</summary>
internal static class TinyText
{
    private static readonly Dictionary<int, string> Special = new() { [0] = "[PAD]", [100] = "[UNK]", [101] = "[CLS]", [102] = "[SEP]" };

    /// <param name="change">Changes the embedder's entry before the manifest is written.</param>
    public static ModelPack WritePack(TempFolder folder, Action<Dictionary<string, object>>? change = null)
    {
        File.WriteAllLines(folder.At("vocab.txt"), Enumerable.Range(0, 30522).Select(id => Special.GetValueOrDefault(id, $"w{id}")));
        return TinyModels.WritePack(
            folder, entries =>
            {
                var entry = entries[ModelRoles.TextEmbedder];
                entry["preprocessing"] = new { kind = "wordpiece", vocabulary = "vocab.txt", max_tokens = 24 };
                entry["extra"] = new[] { Describe(folder.At("vocab.txt")) };
                change?.Invoke(entry);
            }, (ModelRoles.TextEmbedder, "text_embedder.onnx"));
    }

    /// <summary>The text whose tokens are the given ids, those of the special tokens left out.</summary>
    public static string Of(IEnumerable<long> ids) => string.Join(' ', ids.Where(id => id is not (0 or 101 or 102)).Select(id => $"w{id}"));

    private static object Describe(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return new { file = Path.GetFileName(path), sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes = bytes.Length };
    }
}
