using MedGenCluster.Client.Demo.Scenes;

namespace MedGenCluster.Client.Demo;

/// <summary>How far the rendering is.</summary>
/// <param name="Done">Finished files.</param>
/// <param name="Total">Files of the channel.</param>
/// <param name="File">The file that was just finished.</param>
public sealed record DemoProgress(int Done, int Total, string File);

/// <summary>
/// Renders a small channel of videos with planted faults into a folder, in the archive convention of yt-dlp
/// (`title [id].mp4`, `.info.json`, `.en.vtt`), and writes down what a curation should find.
/// </summary>
public static class DemoChannel
{
    private const int ParallelEncodes = 2;

    /// <summary>Renders the whole channel; about 400 seconds of video.</summary>
    /// <param name="folder">Folder of the channel, created when missing. Nothing but the channel is written there.</param>
    /// <param name="truthFile">Where the <see cref="DemoTruth"/> goes; outside of the folder, so that no source lists it.</param>
    /// <param name="seed">Equal seeds give byte-identical files (with one version of ffmpeg).</param>
    /// <param name="progress">Called after each file.</param>
    /// <param name="cancellationToken">Kills the encoders.</param>
    /// <exception cref="InvalidOperationException">ffmpeg is missing or fails.</exception>
    public static Task<DemoTruth> RenderAsync(
        string folder, string truthFile, int seed, IProgress<DemoProgress>? progress = null, CancellationToken cancellationToken = default) =>
        RenderAsync(DemoPlan.Videos, folder, truthFile, seed, progress, cancellationToken);

    /// <summary>Renders the given plan.</summary>
    internal static async Task<DemoTruth> RenderAsync(
        IReadOnlyList<PlannedVideo> plans, string folder, string truthFile, int seed,
        IProgress<DemoProgress>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var truth = Truth(plans, seed);
        var work = Directory.CreateTempSubdirectory("medgen-demo-");
        try
        {
            var done = 0;
            async ValueTask Finish(int position, CancellationToken token)
            {
                await RenderVideoAsync(plans, truth, position, folder, work.FullName, token);
                progress?.Report(new DemoProgress(Interlocked.Increment(ref done), plans.Count, truth.Videos[position].File));
            }

            var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelEncodes, CancellationToken = cancellationToken };
            // The costliest first, so that both encoders end at about the same time; reposts need their originals.
            var order = Enumerable.Range(0, plans.Count).OrderByDescending(i => plans[i].Seconds * plans[i].Width * plans[i].Height).ToList();
            await Parallel.ForEachAsync(order.Where(i => plans[i].DuplicateOf < 0), options, Finish);
            await Parallel.ForEachAsync(order.Where(i => plans[i].DuplicateOf >= 0), options, Finish);
            await truth.SaveAsync(truthFile, cancellationToken);
            return truth;
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    /// <summary>What the plan's curation should find.</summary>
    internal static DemoTruth Truth(IReadOnlyList<PlannedVideo> plans, int seed)
    {
        var ids = plans.Select((_, position) => VideoId(seed, position)).ToList();
        var videos = plans.Select((plan, position) =>
        {
            var readable = plan.Fault is not (PlantedFault.Truncated or PlantedFault.NotAVideo);
            var scenes = plan.Scenes();
            return new PlantedVideo(
                $"{plan.Title} [{ids[position]}].mp4", ids[position], plan.Title, plan.Category, plan.Fault, readable ? plan.Seconds : 0,
                plan.Fault != PlantedFault.MissingInfo, HasTranscript(plan), scenes,
                Expect(plan, scenes, plan.DuplicateOf < 0 ? null : ids[plan.DuplicateOf]));
        });
        return new DemoTruth(seed, [.. videos]);
    }

    private static bool HasTranscript(PlannedVideo plan) => plan.Takes.Length > 0 && plan.Fault != PlantedFault.MissingTranscript;

    private static ExpectedOutcome Expect(PlannedVideo plan, IReadOnlyList<PlantedScene> scenes, string? original) => plan.Fault switch
    {
        PlantedFault.Letterbox or PlantedFault.Pillarbox => Rejected("borders"),
        PlantedFault.Subtitles => Rejected("subtitles"),
        PlantedFault.Blur => Rejected("aesthetics"),
        PlantedFault.Noise => Rejected("joint"),
        PlantedFault.LowResolution => Rejected("probe"),
        PlantedFault.NonMedical => Rejected("segment"),
        PlantedFault.Duplicate => new ExpectedOutcome(OutcomeKind.Duplicate, null, original, []),
        PlantedFault.Truncated or PlantedFault.NotAVideo => new ExpectedOutcome(OutcomeKind.Failed, null, null, []),
        _ => new ExpectedOutcome(OutcomeKind.Accepted, null, null, [.. scenes.Where(scene => scene.Medical)]),
    };

    private static ExpectedOutcome Rejected(string stage) => new(OutcomeKind.Rejected, stage, null, []);

    private static async Task RenderVideoAsync(
        IReadOnlyList<PlannedVideo> plans, DemoTruth truth, int position, string folder, string work, CancellationToken cancellationToken)
    {
        var plan = plans[position];
        var video = truth.Videos[position];
        var target = Path.Combine(folder, video.File);
        var stem = target[..^".mp4".Length];
        if (video.HasInfo)
            await File.WriteAllTextAsync(stem + ".info.json", ArchiveFiles.Info(plan, video.Id, position), cancellationToken);
        if (video.HasTranscript)
            await File.WriteAllTextAsync(stem + ".en.vtt", ArchiveFiles.Transcript(plan), cancellationToken);
        if (plan.Fault == PlantedFault.NotAVideo)
        {
            await File.WriteAllTextAsync(target, "Notes of the surgery course. This is a text file that was uploaded under the wrong name.\n", cancellationToken);
            return;
        }

        var encoded = Path.Combine(work, $"{position}.mp4");
        var encoder = new VideoEncoder(work);
        if (plan.DuplicateOf >= 0)
            await encoder.RepostAsync(Path.GetFullPath(Path.Combine(folder, truth.Videos[plan.DuplicateOf].File)), encoded, cancellationToken);
        else
            await encoder.EncodeAsync(plan, SceneSeed(truth.Seed, position), encoded, cancellationToken);
        if (plan.Fault == PlantedFault.Truncated)
            Truncate(encoded);
        File.Move(encoded, target, overwrite: true);
    }

    // ffmpeg writes the index of an mp4 at its end: without it no player can open the file.
    private static void Truncate(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.SetLength(stream.Length * 6 / 10);
    }

    private static int SceneSeed(int seed, int position) => unchecked((seed * 1000) + (position * 37)) & 0xfffff;

    private static string VideoId(int seed, int position)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
        var random = new Random(unchecked((seed * 65537) + position));
        return string.Create(11, random, static (id, source) =>
        {
            for (var i = 0; i < id.Length; i++)
                id[i] = Alphabet[source.Next(Alphabet.Length)];
        });
    }
}
