using System.Text.Json;
using MedGenCluster.Client.Demo.Scenes;

namespace MedGenCluster.Client.Demo;

/// <summary>What the demo channel contains and what a curation with default options should decide about it.</summary>
/// <param name="Seed">Seed of the rendering.</param>
/// <param name="Videos">Every file of the channel in the order of its playlist.</param>
public sealed record DemoTruth(int Seed, IReadOnlyList<PlantedVideo> Videos)
{
    /// <summary>Reads a truth file.</summary>
    /// <exception cref="InvalidDataException">The file holds no truth.</exception>
    public static async Task<DemoTruth> LoadAsync(string file, CancellationToken cancellationToken = default)
    {
        await using var stream = File.OpenRead(file);
        return await JsonSerializer.DeserializeAsync<DemoTruth>(stream, DemoJson.Pretty, cancellationToken)
            ?? throw new InvalidDataException($"{file} holds no truth of a demo channel.");
    }

    /// <summary>Writes the truth; equal truths give equal bytes.</summary>
    public async Task SaveAsync(string file, CancellationToken cancellationToken = default)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
            Directory.CreateDirectory(folder);
        await using var stream = File.Create(file);
        await JsonSerializer.SerializeAsync(stream, this, DemoJson.Pretty, cancellationToken);
    }
}

/// <summary>One file of the channel.</summary>
/// <param name="File">Name inside the channel's folder.</param>
/// <param name="Id">Video id.</param>
/// <param name="Title">Title.</param>
/// <param name="Category">teaching, clinical practice, popular science, animation or imaging; other for everyday content.</param>
/// <param name="Fault">What is wrong with it.</param>
/// <param name="DurationSeconds">Length; 0 for a file that cannot be read.</param>
/// <param name="HasInfo">Whether an info.json lies beside it.</param>
/// <param name="HasTranscript">Whether an en.vtt lies beside it.</param>
/// <param name="Scenes">Takes in order; hard cuts between them.</param>
/// <param name="Expected">What should become of it.</param>
public sealed record PlantedVideo(
    string File, string Id, string Title, string Category, PlantedFault Fault, double DurationSeconds,
    bool HasInfo, bool HasTranscript, IReadOnlyList<PlantedScene> Scenes, ExpectedOutcome Expected);

/// <summary>One continuous take, seconds from the start of the video.</summary>
public sealed record PlantedScene(SceneKind Kind, bool Medical, double Start, double End);

/// <summary>The expected fate of a video.</summary>
/// <param name="Kind">What should happen.</param>
/// <param name="Stage">For a rejection, the stage: probe, segment, borders, subtitles, aesthetics or joint.</param>
/// <param name="DuplicateOf">For a duplicate, the id of the original.</param>
/// <param name="AcceptedScenes">For an accepted video, the intervals that accepted clips lie in, seconds.</param>
public sealed record ExpectedOutcome(
    OutcomeKind Kind, string? Stage, string? DuplicateOf, IReadOnlyList<PlantedScene> AcceptedScenes);

/// <summary>How a video ends.</summary>
public enum OutcomeKind
{
    /// <summary>At least one clip is accepted.</summary>
    Accepted,
    /// <summary>The video, or each of its clips, is rejected at the named stage.</summary>
    Rejected,
    /// <summary>It repeats another video.</summary>
    Duplicate,
    /// <summary>It cannot be read.</summary>
    Failed,
}

/// <summary>What is wrong with a video of the demo channel; each holds for the whole video.</summary>
public enum PlantedFault
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>Medical and everyday takes alternate.</summary>
    MixedContent,
    /// <summary>Two different medical takes.</summary>
    HardCut,
    /// <summary>No info.json.</summary>
    MissingInfo,
    /// <summary>No transcript.</summary>
    MissingTranscript,
    /// <summary>Black bars above and below.</summary>
    Letterbox,
    /// <summary>Black bars left and right.</summary>
    Pillarbox,
    /// <summary>Burned-in subtitles.</summary>
    Subtitles,
    /// <summary>Strong blur, low contrast.</summary>
    Blur,
    /// <summary>Heavy noise and blockiness.</summary>
    Noise,
    /// <summary>426x240.</summary>
    LowResolution,
    /// <summary>Another video encoded again, with a small logo.</summary>
    Duplicate,
    /// <summary>No medical content.</summary>
    NonMedical,
    /// <summary>The first part of an mp4 whose index is at its end.</summary>
    Truncated,
    /// <summary>Text in a file named .mp4.</summary>
    NotAVideo,
}
