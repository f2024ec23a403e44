using System.Diagnostics;
using System.Text.Json;
using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.GpuWorkers.Tests.Support;

namespace MedGenCluster.GpuWorkers.Tests.Onnx;

/// <summary>A text-to-video model that the trainer exports, with random weights, gives in ONNX Runtime what it gives in PyTorch.</summary>
public sealed class TextToVideoPackTests : IDisposable
{
    private const string DebianPython = "/usr/bin/python3";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RuntimeFact]
    public async Task The_exported_roles_give_what_PyTorch_gives_and_the_pack_is_sound()
    {
        await ExportAsync();
        var pack = ModelPack.Load(_folder.At("pack"));
        Assert.All(pack.Verify(Runtime.Instance), check => Assert.True(check.Status == RoleStatus.Ok, check.Sentence));

        using var reference = JsonDocument.Parse(await File.ReadAllTextAsync(_folder.At("pack/reference.json")));
        var tolerance = reference.RootElement.GetProperty("tolerance").GetDouble();
        var roles = reference.RootElement.GetProperty("roles").EnumerateObject().ToList();
        Assert.Equal(["text-to-video-text", "text-to-video", "text-to-video-decoder"], roles.Select(role => role.Name));
        foreach (var role in roles)
        {
            using var session = Runtime.Instance.Open(role.Name, pack.PathOf(pack.Roles[role.Name].File));
            foreach (var batch in (int[])[1, 3])
            {
                var outputs = session.Run([.. role.Value.GetProperty("inputs").EnumerateObject().Select(input => Input(input, batch))]);
                Assert.All(role.Value.GetProperty("outputs").EnumerateObject(), expected => AssertAgrees(outputs.Single(output => output.Name == expected.Name), expected.Value, batch, tolerance));
            }
        }
    }

    /// <summary>Every item of a batch has the reference's inputs, and so the reference's outputs.</summary>
    private static void AssertAgrees(NamedTensor output, JsonElement expected, int batch, double tolerance)
    {
        var item = output.Floats!.Length / batch;
        var allowed = tolerance * expected.GetProperty("largest").GetDouble();
        Assert.True(allowed > 0, $"{output.Name}: a reference of zeros shows nothing");
        Assert.Equal([batch, .. expected.GetProperty("shape").EnumerateArray().Skip(1).Select(axis => axis.GetInt32())], output.Shape);
        for (var place = 0; place < batch; place++)
        {
            var values = output.Floats.AsSpan(place * item, item).ToArray();
            Assert.All(expected.GetProperty("first").EnumerateArray().Zip(values), pair => Assert.InRange(pair.Second - pair.First.GetDouble(), -allowed, allowed));
            Assert.InRange(values.Average(value => (double)value) - expected.GetProperty("mean").GetDouble(), -allowed, allowed);
        }
    }

    private static NamedTensor Input(JsonProperty input, int batch)
    {
        int[] shape = [batch, .. input.Value.GetProperty("shape").EnumerateArray().Skip(1).Select(axis => axis.GetInt32())];
        var item = shape.Skip(1).Aggregate(1, (product, axis) => product * axis);
        var places = Enumerable.Range(0, batch).SelectMany(_ => Enumerable.Range(0, item));
        return input.Value.GetProperty("kind").GetString() switch
        {
            "ids" => NamedTensor.Of(input.Name, shape, [.. places.Select(i => (long)i * 7919 % Vocabulary)]),
            "mask" => NamedTensor.Of(input.Name, shape, [.. places.Select(i => i < (item + 1) / 2 ? 1L : 0)]),
            "formula" => NamedTensor.Of(input.Name, shape, [.. places.Select(i => (float)(((long)i * 7919 % 1009 / 504.5) - 1))]),
            var constant => NamedTensor.Of(input.Name, shape, [.. places.Select(_ => float.Parse(constant!, System.Globalization.CultureInfo.InvariantCulture))]),
        };
    }

    private static int Vocabulary { get; } = File.ReadLines(Path.Combine(Repository.DemoPack, "vocab.txt")).Count();

    private async Task ExportAsync()
    {
        var trainer = Path.Combine(Repository.Root, "trainer");
        const string Script = "import sys; from pathlib import Path; from t2v_fixtures import random_model; from t2v import export_onnx, events; " +
            "folder = Path(sys.argv[1]); events.run(export_onnx.main, ['--model', str(random_model(folder / 'model')), '--output_dir', str(folder / 'pack')])";
        var start = new ProcessStartInfo(File.Exists(DebianPython) ? DebianPython : "python3", ["-B", "-c", Script, _folder.Path]) { WorkingDirectory = trainer, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PYTHONPATH"] = $"{trainer}:{Path.Combine(trainer, "tests")}";
        using var python = Process.Start(start)!;
        var said = await Task.WhenAll(python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, string.Join('\n', said));
    }
}
