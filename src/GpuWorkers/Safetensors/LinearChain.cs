using System.Globalization;
using MedGenCluster.Curation.Models;

namespace MedGenCluster.GpuWorkers.Safetensors;

/// <summary>A chain of linear layers without activations between them, as the tensors <c>layers.N.weight</c> [out, in] and
/// <c>layers.N.bias</c> [out] of a safetensors file store it (the LAION improved aesthetic predictor, arXiv 2507.05675 section 3.2).
/// Nothing in it is non-linear, so it is one affine map, folded here in double.</summary>
public sealed class LinearChain
{
    private LinearChain(double[] weights, double bias) => (Weights, Bias) = (weights, bias);

    /// <summary>w of w·e + b.</summary>
    public IReadOnlyList<double> Weights { get; }

    public double Bias { get; }

    public int InputLength => Weights.Count;

    /// <exception cref="ModelException">The file does not hold such a chain down to one output.</exception>
    public static LinearChain Load(string role, string path)
    {
        var tensors = SafetensorsFile.Read(role, path);
        var layers = tensors.Keys
            .Where(name => name.StartsWith("layers.", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal))
            .OrderBy(name => int.TryParse(name.AsSpan(7, Math.Max(0, name.Length - 14)), CultureInfo.InvariantCulture, out var index) ? index : int.MaxValue)
            .Select(name => (Weight: tensors[name], Bias: tensors.GetValueOrDefault(name[..^6] + "bias")))
            .ToList();
        if (layers.Count == 0)
            throw new ModelException($"{role}: {path} has no tensors layers.N.weight; it has {string.Join(", ", tensors.Keys.Take(8))}.");

        // From the last layer to the first: row vector times matrix, so the work stays proportional to the weights.
        double[] row = [1];
        var bias = 0.0;
        foreach (var (weight, layerBias) in Enumerable.Reverse(layers))
        {
            if (weight.Shape.Count != 2 || weight.Shape[0] != row.Length || (layerBias is not null && layerBias.Values.Length != row.Length))
                throw new ModelException($"{role}: {path}: {weight.Name} [{string.Join(",", weight.Shape)}] does not feed {row.Length} values to the layer after it.");
            if (layerBias is not null)
                for (var o = 0; o < row.Length; o++)
                    bias += row[o] * layerBias.Values[o];
            var inputs = weight.Shape[1];
            var next = new double[inputs];
            for (var o = 0; o < row.Length; o++)
                for (var i = 0; i < inputs; i++)
                    next[i] += row[o] * weight.Values[(o * inputs) + i];
            row = next;
        }
        return new LinearChain(row, bias);
    }
}
