using System.Globalization;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Quality;

namespace MedGenCluster.GpuWorkers.Safetensors;

/// <summary>Reads a chain of linear layers that a safetensors file stores as the tensors <c>layers.N.weight</c> [out, in] and
/// <c>layers.N.bias</c> [out] (the LAION improved aesthetic predictor).</summary>
public static class LinearHeadFile
{
    private const string Prefix = "layers.";
    private const string Suffix = ".weight";

    /// <exception cref="ModelException">The file does not hold such a chain down to one score.</exception>
    public static LinearHead Load(string role, string path)
    {
        var tensors = SafetensorsFile.Read(role, path);
        var names = tensors.Keys.Select(name => (Name: name, Number: NumberOf(name))).Where(layer => layer.Number >= 0).OrderBy(layer => layer.Number).ToList();
        if (names.Count == 0)
            throw new ModelException($"{role}: {path} has no tensors layers.N.weight; it has {string.Join(", ", tensors.Keys.Take(8))}.");
        try
        {
            return LinearHead.Fold([.. names.Select(layer => Layer(tensors, layer.Name))]);
        }
        catch (ArgumentException error)
        {
            var shapes = names.Select(layer => $"{layer.Name} [{string.Join(",", tensors[layer.Name].Shape)}]");
            throw new ModelException($"{role}: the layers of {path} are no chain to one score ({string.Join(", ", shapes)}): {error.Message}", error);
        }
    }

    private static LinearLayer Layer(IReadOnlyDictionary<string, SafeTensor> tensors, string name)
    {
        var weight = tensors[name];
        if (weight.Shape is not [var outputs, _])
            throw new ArgumentException($"{name} is not a matrix.");
        var bias = tensors.TryGetValue(name[..^Suffix.Length] + ".bias", out var stored) ? stored.Values : new float[outputs];
        return new LinearLayer(weight.Values, bias);
    }

    /// <summary>N of <c>layers.N.weight</c>, or -1.</summary>
    private static int NumberOf(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal) && name.Length > Prefix.Length + Suffix.Length
        && int.TryParse(name.AsSpan(Prefix.Length..^Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
