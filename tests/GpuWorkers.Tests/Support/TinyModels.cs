using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MedGenCluster.GpuWorkers.Packs;

namespace MedGenCluster.GpuWorkers.Tests.Support;

/// <summary>The small ONNX models of tests/goldens/tiny_onnx, and packs made of them.</summary>
internal static partial class TinyModels
{
    public static JsonElement Description { get; } =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.TinyOnnx, "models.json"))).RootElement;

    public static IEnumerable<JsonElement> Models => Description.GetProperty("models").EnumerateArray();

    /// <summary>x[i] = A sin(a i) + B cos(b i) + C sin(c i) with the constants of models.json, then offset + scale x, rounded to float.</summary>
    public static float[] Wave(int count, string formula = "wave")
    {
        var match = WaveFormula().Match(formula);
        Assert.True(match.Success, formula);
        var (offset, scale) = match.Groups[1].Success ? (double.Parse(match.Groups[1].Value), double.Parse(match.Groups[2].Value)) : (0, 1);
        var wave = Description.GetProperty("wave");
        var (a1, w1, a2, w2, a3, w3) = (Number("A"), Number("a"), Number("B"), Number("b"), Number("C"), Number("c"));
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (float)(offset + (scale * ((a1 * Math.Sin(w1 * i)) + (a2 * Math.Cos(w2 * i)) + (a3 * Math.Sin(w3 * i)))));
        return values;

        double Number(string name) => wave.GetProperty(name).GetDouble();
    }

    /// <summary>Values of a float32 .npy file.</summary>
    public static float[] Npy(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Repository.TinyOnnx, name));
        var headerLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        Assert.Contains("'<f4'", Encoding.ASCII.GetString(bytes, 10, headerLength));
        var data = bytes.AsSpan(10 + headerLength);
        var values = new float[data.Length / 4];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(data[(4 * i)..]);
        return values;
    }

    /// <summary>Writes a pack with the given roles; the model files are copied beside the manifest.</summary>
    public static ModelPack WritePack(TempFolder folder, params (string Role, string Model)[] roles) =>
        WritePack(folder, _ => { }, roles);

    public static ModelPack WritePack(TempFolder folder, Action<Dictionary<string, Dictionary<string, object>>> change, params (string Role, string Model)[] roles)
    {
        var entries = new Dictionary<string, Dictionary<string, object>>();
        foreach (var (role, file) in roles)
        {
            var model = Models.First(item => item.GetProperty("model").GetString() == file);
            File.Copy(Path.Combine(Repository.TinyOnnx, file), folder.At(file));
            entries[role] = new()
            {
                ["file"] = file,
                ["sha256"] = model.GetProperty("sha256").GetString()!,
                ["bytes"] = model.GetProperty("bytes").GetInt64(),
                ["inputs"] = Ports(model.GetProperty("inputs")),
                ["outputs"] = Ports(model.GetProperty("outputs")),
                ["licence"] = "MIT",
                ["source"] = "https://example.org/" + file,
                ["version"] = "1",
            };
        }
        change(entries);
        File.WriteAllText(folder.At("manifest.json"), JsonSerializer.Serialize(new { name = "tiny", demo = true, version = "1", roles = entries, unknown = 1 }));
        return ModelPack.Load(folder.Path);
    }

    private static object[] Ports(JsonElement ports) =>
        [.. ports.EnumerateArray().Select(port => new { name = port.GetProperty("name").GetString(), shape = port.GetProperty("shape"), type = port.GetProperty("dtype").GetString() })];

    [GeneratedRegex(@"^(?:([\d.]+) \+ ([\d.]+) )?wave$")]
    private static partial Regex WaveFormula();
}
