using System.Text.Json;

namespace MedGenCluster.GpuWorkers.Packs;

/// <summary>One role of a pack.</summary>
/// <param name="Role">Name of the role, see <see cref="ModelRoles"/>.</param>
/// <param name="File">The model file and its identity.</param>
/// <param name="Inputs">Inputs that the file must have.</param>
/// <param name="Outputs">Outputs that the file must have.</param>
/// <param name="Preprocessing">What the input's values mean (size, mean, std, ...), as the manifest says it; null where it says nothing.</param>
/// <param name="Licence">Licence of the weights.</param>
/// <param name="Source">Where the file comes from: a URL or the command that makes it.</param>
/// <param name="Version">The maker's version of the model.</param>
/// <param name="Extra">Further files that belong to the model: external weights, a vocabulary.</param>
public sealed record ModelEntry(
    string Role, PackFile File, IReadOnlyList<TensorPort> Inputs, IReadOnlyList<TensorPort> Outputs, JsonElement? Preprocessing,
    string Licence, string Source, string Version, IReadOnlyList<PackFile> Extra)
{
    public bool IsOnnx => File.Path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    /// <summary>The model file, then what belongs to it.</summary>
    public IEnumerable<PackFile> Files => Extra.Prepend(File);
}

/// <summary>A file of a pack.</summary>
/// <param name="Path">Path relative to the pack's folder.</param>
/// <param name="Sha256">Lower-case hexadecimal SHA-256 of the content.</param>
/// <param name="Bytes">Length of the content.</param>
public sealed record PackFile(string Path, string Sha256, long Bytes);
