using System.IO.Compression;
using System.Text.Json;
using MedGenCluster.Client.Demo.Candidates;

namespace MedGenCluster.Client.Demo;

/// <summary>The file that the demo's screening begins with: everyday uploads, many of them with words that only sound medical, and among them every second
/// video of the demo channel. The channel's other videos are found because the channel is.</summary>
internal static class DemoCandidates
{
    /// <summary>Generated rows.</summary>
    public const int Rows = 200_000;

    private static readonly string[] MisleadingPhrases =
    [
        // The dictionary's exclusions know these ...
        "heart of gold", "surgical strike", "broken heart", "skeleton key", "stroke of luck", "backbone of the team", "eye of the storm",
        // ... and these name a term, so that the classifier has to tell.
        "zombie autopsy prank", "vaccine lyrics video", "dentist horror game", "spinal tap tribute band", "guitar neck biopsy", "engine transplant",
        "pulse oximeter unboxing", "mri band live session", "phone surgery", "cardiac arrest in the final lap",
    ];

    /// <summary>Writes the file, gzip-compressed.</summary>
    /// <param name="channel">Folder of the rendered channel.</param>
    /// <returns>How many of the channel's videos are in it.</returns>
    public static async Task<int> WriteAsync(string file, DemoTruth truth, string channel, int seed, CancellationToken cancellationToken)
    {
        // Of the videos that have metadata: the others could not be in anybody's list.
        var planted = truth.Videos.Where(video => video.HasInfo).Where((_, position) => position % 2 == 0).ToList();
        var recipe = new CandidateRecipe
        {
            Seed = (ulong)seed,
            Rows = Rows,
            MedicalShare = 0,
            HardNegativeShare = 0.02,
            Terms = [],
            HardNegatives = MisleadingPhrases,
            Planted = [.. planted.Select(video => Row(video, channel))],
        };
        await using var target = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        await using var gzip = new GZipStream(target, CompressionLevel.Fastest);
        await using var rows = new GeneratedCandidates(recipe);
        await rows.CopyToAsync(gzip, 1 << 16, cancellationToken);
        return planted.Count;
    }

    /// <summary>What the video's info.json says, on one line, with the channel's folder as its address.</summary>
    private static ReadOnlyMemory<byte> Row(PlantedVideo video, string channel)
    {
        var info = File.ReadAllBytes(Path.Combine(channel, Path.ChangeExtension(video.File, ".info.json")));
        using var document = JsonDocument.Parse(info);
        var fields = document.RootElement.EnumerateObject().ToDictionary(field => field.Name, field => (object)field.Value);
        fields["channel_url"] = channel;
        return JsonSerializer.SerializeToUtf8Bytes(fields);
    }
}
