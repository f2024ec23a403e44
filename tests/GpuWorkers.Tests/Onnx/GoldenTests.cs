using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Tests.Support;

namespace MedGenCluster.GpuWorkers.Tests.Onnx;

/// <summary>Every model of tiny_onnx on every case: the outputs of another engine, within 1e-4 + 1e-4 |expected|.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string, int> Cases
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var model in TinyModels.Models)
                for (var i = 0; i < model.GetProperty("cases").GetArrayLength(); i++)
                    data.Add(model.GetProperty("model").GetString()!, i);
            return data;
        }
    }

    [RuntimeTheory]
    [MemberData(nameof(Cases))]
    public void Gives_the_expected_output(string file, int index)
    {
        var model = TinyModels.Models.First(item => item.GetProperty("model").GetString() == file);
        var example = model.GetProperty("cases")[index];
        var formula = example.GetProperty("input").GetString()!;
        var inputs = new List<NamedTensor>();
        var place = 0;
        foreach (var port in model.GetProperty("inputs").EnumerateArray())
        {
            var name = port.GetProperty("name").GetString()!;
            int[] shape = [.. example.GetProperty("input_shapes")[place++].EnumerateArray().Select(axis => axis.GetInt32())];
            var count = shape.Aggregate(1, (a, b) => a * b);
            inputs.Add(
                formula.StartsWith("tokens", StringComparison.Ordinal) ? NamedTensor.Of(name, shape, Tokens(formula, name))
                : formula.EndsWith(".npy", StringComparison.Ordinal) ? NamedTensor.Of(name, shape, TinyModels.Npy(formula))
                : NamedTensor.Of(name, shape, TinyModels.Wave(count, formula)));
        }

        using var session = Runtime.Instance.Open("test", Path.Combine(Repository.TinyOnnx, file));
        var output = Assert.Single(session.Run(inputs));

        Assert.Equal(example.GetProperty("output_shape").EnumerateArray().Select(axis => axis.GetInt32()), output.Shape);
        AssertClose(TinyModels.Npy(example.GetProperty("expected").GetString()!), output.Floats!);
    }

    internal static void AssertClose(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= 1e-4 + (1e-4 * Math.Abs(expected[i])), $"[{i}]: expected {expected[i]:G9}, found {found[i]:G9}");
    }

    private static long[] Tokens(string set, string input) =>
        [.. TinyModels.Description.GetProperty(set).GetProperty(input).EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(id => id.GetInt64())];
}
