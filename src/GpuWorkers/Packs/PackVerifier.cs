using System.Security.Cryptography;
using MedGenCluster.Curation.Models;
using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Safetensors;
using MedGenCluster.GpuWorkers.Text;

namespace MedGenCluster.GpuWorkers.Packs;

public enum RoleStatus
{
    Ok,
    Missing,
    WrongChecksum,
    WrongShape,
    Unreadable,
}

/// <summary>What was found about one role.</summary>
/// <param name="Sentence">What is the matter and what to do about it.</param>
public sealed record RoleCheck(string Role, RoleStatus Status, string Sentence);

/// <summary>Checks the files of a pack against its manifest.</summary>
public static class PackVerifier
{
    /// <summary>One result for each role of the pack, in the manifest's order.</summary>
    /// <param name="runtime">Opens the ONNX files to compare their shapes; null leaves the shapes unchecked and says so.</param>
    public static IReadOnlyList<RoleCheck> Verify(this ModelPack pack, InferenceRuntime? runtime) =>
        [.. pack.Roles.Values.Select(entry => Check(pack, entry, runtime))];

    /// <summary>Checks presence, length and content of a role's files; null when all are as the manifest says.</summary>
    internal static RoleCheck? CheckFiles(ModelPack pack, ModelEntry entry)
    {
        foreach (var file in entry.Files)
        {
            var path = pack.PathOf(file);
            if (!File.Exists(path))
                return new RoleCheck(entry.Role, RoleStatus.Missing, $"{entry.Role}: the file {path} is missing. {HowToGet(entry)}");
            try
            {
                using var stream = File.OpenRead(path);
                if (stream.Length != file.Bytes)
                    return new RoleCheck(entry.Role, RoleStatus.WrongChecksum,
                        $"{entry.Role}: the file {path} has {stream.Length} bytes where the manifest says {file.Bytes}; it is cut off or another file. {HowToGet(entry)}");
                var found = Convert.ToHexStringLower(SHA256.HashData(stream));
                if (found != file.Sha256)
                    return new RoleCheck(entry.Role, RoleStatus.WrongChecksum,
                        $"{entry.Role}: the content of {path} (sha256 {found[..8]}...) is not what the manifest says ({file.Sha256[..8]}...). {HowToGet(entry)}");
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return new RoleCheck(entry.Role, RoleStatus.Unreadable, $"{entry.Role}: the file {path} cannot be read ({error.Message}). Check its permissions and the disk.");
            }
        }
        return null;
    }

    private static RoleCheck Check(ModelPack pack, ModelEntry entry, InferenceRuntime? runtime)
    {
        if (CheckFiles(pack, entry) is { } trouble)
            return trouble;
        var path = pack.PathOf(entry.File);
        try
        {
            if (!entry.IsOnnx)
                return HeadDimension(pack, entry.Role) is { } dimension ? CheckHead(entry, path, dimension) : Ok(entry, "the content is as the manifest says");
            if (PortCheck.AgainstContract(entry) is { } contract)
                return new RoleCheck(entry.Role, RoleStatus.WrongShape, contract);
            if (entry.Role == ModelRoles.TextEmbedder)
                WordPieceTokenizer.Load(entry.Role, pack.PathOf(TextInput.Of(entry).Vocabulary));
            if (runtime is null)
                return Ok(entry, "the content is as the manifest says; shapes were not compared, because this build has no inference runtime");
            using var session = runtime.Open(entry.Role, path);
            return PortCheck.AgainstFile(entry, path, session.Inputs, session.Outputs) is { } wrong
                ? new RoleCheck(entry.Role, RoleStatus.WrongShape, wrong)
                : Ok(entry, "the content and the shapes are as the manifest says");
        }
        catch (ModelException error)
        {
            return new RoleCheck(entry.Role, RoleStatus.Unreadable, error.Message);
        }
    }

    internal static string WrongHead(ModelEntry entry, string path, int found, int expected) =>
        $"{entry.Role}: {path} takes embeddings of {found} values where {expected} are expected. Use the head that was made for the pack's encoder.";

    /// <summary>Values of the embedding that a linear head reads: CLIP's, or those of the pack's own text embedder; null for other roles.</summary>
    private static int? HeadDimension(ModelPack pack, string role) => role switch
    {
        ModelRoles.Aesthetic => 768,
        ModelRoles.TextClassifier when pack.Roles.GetValueOrDefault(ModelRoles.TextEmbedder)?.Outputs is [{ Shape: [_, _, { Size: { } size }] }, ..] => size,
        _ => null,
    };

    private static RoleCheck CheckHead(ModelEntry entry, string path, int dimension)
    {
        var head = LinearHeadFile.Load(entry.Role, path);
        return head.Dimension == dimension
            ? Ok(entry, "the content is as the manifest says and folds to one affine map")
            : new RoleCheck(entry.Role, RoleStatus.WrongShape, WrongHead(entry, path, head.Dimension, dimension));
    }

    private static RoleCheck Ok(ModelEntry entry, string what) => new(entry.Role, RoleStatus.Ok, $"{entry.Role}: {what}.");

    private static string HowToGet(ModelEntry entry) =>
        entry.Source.Length == 0 ? "Put the right file there." : $"Get it again from {entry.Source} (`medgen models pull`).";
}
