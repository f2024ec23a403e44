using System.Text.Json;
using MedGenCluster.Curation.Models;

namespace MedGenCluster.GpuWorkers.Packs;

/// <summary>A folder with manifest.json and model files. Loading reads the manifest alone; files may still be missing.</summary>
public sealed class ModelPack
{
    public const string ManifestName = "manifest.json";

    private ModelPack(string folder, string name, bool isDemo, string version, IEnumerable<ModelEntry> entries)
    {
        Folder = folder;
        Name = name;
        IsDemo = isDemo;
        Version = version;
        Roles = entries.ToDictionary(entry => entry.Role, StringComparer.Ordinal);
    }

    public string Folder { get; }

    public string Name { get; }

    /// <summary>Marked as a demonstration: scores made with it are labelled wherever they are shown.</summary>
    public bool IsDemo { get; }

    public string Version { get; }

    public IReadOnlyDictionary<string, ModelEntry> Roles { get; }

    /// <summary>Reads the manifest of <paramref name="folder"/>.</summary>
    /// <exception cref="ModelException">There is no manifest, or it is not one.</exception>
    public static ModelPack Load(string folder)
    {
        var path = Path.Combine(folder, ManifestName);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var (name, demo, version, entries) = ManifestReader.Read(path, document.RootElement);
            return new ModelPack(Path.GetFullPath(folder), name, demo, version, entries);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelException($"There is no model pack in {folder}: {ManifestName} is missing. Name the folder of a pack (models/demo is in the repository).", error);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"The manifest {path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The entry of a role.</summary>
    /// <exception cref="ModelException">The pack does not have the role.</exception>
    public ModelEntry this[string role] => Roles.TryGetValue(role, out var entry)
        ? entry
        : throw new ModelException($"The model pack {Name} has no model for the role {role}. It has: {string.Join(", ", Roles.Keys)}.");

    public string PathOf(PackFile file) => Path.Combine(Folder, file.Path);

    /// <summary>Identity that goes into the key of every measurement, for example <c>clip-vision@demo:3f2a91c0</c>. Further files of
    /// the model (a vocabulary) are part of it: <c>text-embedder@demo:3f2a91c0.7be0aa11</c>.</summary>
    public string VersionOf(ModelEntry entry) => $"{entry.Role}@{Name}:{string.Join('.', entry.Files.Select(file => file.Sha256[..8]))}";
}
