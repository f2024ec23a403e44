using System.Security.Cryptography;
using System.Text.Json;
using MedGenCluster.Engine.Export;

namespace MedGenCluster.Engine.Training;

/// <summary>An export as a trainer's input.</summary>
/// <param name="Sha256">Of its list of clips, 64 hexadecimal digits.</param>
/// <param name="Clips">In that list.</param>
public sealed record TrainingDataset(string Folder, string Sha256, int Clips)
{
    /// <returns>The dataset, or why it is none, in a sentence that says what to do.</returns>
    public static (TrainingDataset? Dataset, string? Error) Open(string folder)
    {
        var full = Path.GetFullPath(folder);
        var list = Path.Combine(full, ExportLayout.TrainerList);
        if (!File.Exists(list))
        {
            return (null, $"{full} has no {ExportLayout.TrainerList}; write the dataset with `medgen export {full} --format fastvideo`.");
        }

        try
        {
            var bytes = File.ReadAllBytes(list);
            using var document = JsonDocument.Parse(bytes);
            var clips = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.GetArrayLength() : 0;
            return clips == 0
                ? (null, $"{list} lists no clips: none was accepted, or none fits the trainer ({ExportLayout.TrainerChecks} beside it says why). Accept some and export again.")
                : (new TrainingDataset(full, Convert.ToHexStringLower(SHA256.HashData(bytes)), clips), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return (null, $"{list} cannot be read: {exception.Message} Export the dataset again.");
        }
    }
}
