using System.Text.Json;
using MedGenCluster.Client.Demo;
using MedGenCluster.Client.Demo.Scenes;

namespace MedGenCluster.Client.Tests.Demo;

public sealed class DemoChannelTests : IDisposable
{
    private static readonly PlannedVideo[] Plans =
    [
        new("First - medical teaching", "teaching", PlantedFault.None, new PlannedTake(SceneKind.Lecture, 1)) { Width = 426, Height = 240 },
        new("Second, with captions", "teaching", PlantedFault.Subtitles, new PlannedTake(SceneKind.Endoscopy, 0.5), new PlannedTake(SceneKind.City, 0.5)) { Width = 426, Height = 240 },
        new("First again", "teaching", PlantedFault.Duplicate, new PlannedTake(SceneKind.Lecture, 1)) { Width = 426, Height = 240, DuplicateOf = 0 },
        new("Interrupted", "teaching", PlantedFault.Truncated, new PlannedTake(SceneKind.Ultrasound, 1)) { Width = 426, Height = 240 },
        new("Notes", "teaching", PlantedFault.NotAVideo),
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Two_renders_with_one_seed_are_byte_identical()
    {
        await RenderAsync("a", 7);
        await RenderAsync("b", 7);
        var files = Files("a");
        Assert.Equal(files.Select(Path.GetFileName), Files("b").Select(Path.GetFileName));
        Assert.All(files.Zip(Files("b")), pair => Assert.Equal(File.ReadAllBytes(pair.First), File.ReadAllBytes(pair.Second)));
    }

    [Fact]
    public async Task The_truth_names_the_files_and_survives_loading()
    {
        var truth = await RenderAsync("c", 3);
        var loaded = await DemoTruth.LoadAsync(TruthFile("c"), TestContext());
        Assert.Equal(JsonSerializer.Serialize(truth), JsonSerializer.Serialize(loaded));
        Assert.All(loaded.Videos, video => Assert.True(File.Exists(Path.Combine(_folder.FullName, "c", video.File))));
        Assert.Equal(loaded.Videos[0].Id, loaded.Videos[2].Expected.DuplicateOf);
    }

    [Fact]
    public async Task The_index_of_a_whole_video_is_there_and_of_a_truncated_one_is_missing()
    {
        var truth = await RenderAsync("d", 3);
        Assert.True(HasIndex(truth.Videos[0]));
        Assert.False(HasIndex(truth.Videos[3]));

        bool HasIndex(PlantedVideo video) =>
            File.ReadAllBytes(Path.Combine(_folder.FullName, "d", video.File)).AsSpan().IndexOf("moov"u8) >= 0;
    }

    [Fact]
    public void The_plan_holds_what_a_demonstration_needs()
    {
        var truth = DemoChannel.Truth(DemoPlan.Videos, 1);
        Assert.Equal(truth.Videos.Count, truth.Videos.Select(video => video.Id).Distinct().Count());
        Assert.InRange(truth.Videos.Count(video => video.Expected.Kind == OutcomeKind.Accepted), 12, 14);
        Assert.InRange(truth.Videos.Sum(video => video.DurationSeconds), 350, 450);
        Assert.Superset(
            new HashSet<string> { "borders", "subtitles", "aesthetics", "joint", "probe", "segment" },
            truth.Videos.Select(video => video.Expected.Stage ?? "").ToHashSet());
        var accepted = truth.Videos.SelectMany(video => video.Expected.AcceptedScenes).ToList();
        Assert.Equal(7, accepted.Select(scene => scene.Kind).Distinct().Count());
        Assert.All(accepted, scene => Assert.True(scene.End - scene.Start is (>= 9 and <= 10) or >= 13));
    }

    [Fact]
    public void Every_subtitle_has_at_least_eight_words() =>
        Assert.All(
            DemoPlan.Videos.Where(plan => plan.Fault == PlantedFault.Subtitles).SelectMany(ArchiveFiles.Cues),
            cue => Assert.True(cue.Sentence.Split(' ').Length >= 8, cue.Sentence));

    private static CancellationToken TestContext() => CancellationToken.None;

    private Task<DemoTruth> RenderAsync(string name, int seed) =>
        DemoChannel.RenderAsync(Plans, Path.Combine(_folder.FullName, name), TruthFile(name), seed, null, CancellationToken.None);

    private string TruthFile(string name) => Path.Combine(_folder.FullName, name + ".truth.json");

    private string[] Files(string name) => [.. Directory.GetFiles(Path.Combine(_folder.FullName, name)).Order(StringComparer.Ordinal)];
}
