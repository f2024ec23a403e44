using MedGenCluster.Curation.Models;
using MedGenCluster.GpuWorkers.Packs;

namespace MedGenCluster.GpuWorkers.Inference;

/// <summary>An opened model file on one device. Runs may overlap.</summary>
public interface IInferenceSession : IDisposable
{
    IReadOnlyList<TensorPort> Inputs { get; }

    IReadOnlyList<TensorPort> Outputs { get; }

    /// <summary>Runs a model of one float input, reading and writing the caller's memory without a copy. <paramref name="output"/>
    /// receives the first output that <paramref name="outputName"/> names.</summary>
    /// <exception cref="ModelException">The execution failed.</exception>
    void Run(string inputName, Memory<float> input, long[] inputShape, string outputName, Memory<float> output, long[] outputShape);

    /// <summary>Runs any model; every output comes back as floats or integers of the shape that the run gave it.</summary>
    /// <exception cref="ModelException">The execution failed, or an output is of another type.</exception>
    IReadOnlyList<NamedTensor> Run(IReadOnlyList<NamedTensor> inputs);
}

/// <summary>A tensor in C order with its name: float32 or int64.</summary>
public sealed class NamedTensor
{
    private NamedTensor(string name, IReadOnlyList<int> shape, float[]? floats, long[]? integers)
    {
        var expected = shape.Aggregate(1, (product, axis) => product * axis);
        if (expected != (floats?.Length ?? integers!.Length))
            throw new ArgumentException($"The tensor {name} [{string.Join(",", shape)}] needs {expected} values, got {floats?.Length ?? integers!.Length}.");
        (Name, Shape, Floats, Integers) = (name, shape, floats, integers);
    }

    public string Name { get; }

    public IReadOnlyList<int> Shape { get; }

    /// <summary>The values of a float32 tensor, else null.</summary>
    public float[]? Floats { get; }

    /// <summary>The values of an int64 tensor, else null.</summary>
    public long[]? Integers { get; }

    public static NamedTensor Of(string name, IReadOnlyList<int> shape, float[] values) => new(name, shape, values, null);

    public static NamedTensor Of(string name, IReadOnlyList<int> shape, long[] values) => new(name, shape, null, values);
}
