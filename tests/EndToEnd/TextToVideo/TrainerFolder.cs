using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MedGenCluster.EndToEnd.TextToVideo;

/// <summary>A folder with a stand-in for the trainer, prompts, a model and a dataset.</summary>
internal sealed class TrainerFolder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("medgen-t2v-");

    /// <param name="behaviour">What the stand-in shall do, by program.</param>
    public TrainerFolder(object behaviour, int prompts = 6, int clips = 3)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "stand-in-trainer");
        foreach (var file in Directory.EnumerateFiles(source, "*.py", SearchOption.AllDirectories))
        {
            var target = Path.Combine(Trainer, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        File.WriteAllText(Path.Combine(Trainer, "behaviour.json"), JsonSerializer.Serialize(behaviour));
        File.WriteAllLines(Prompts, Enumerable.Range(0, prompts).Select(i => $"prompt-{i.ToString(CultureInfo.InvariantCulture)}"));
        Directory.CreateDirectory(Model);
        File.WriteAllText(Path.Combine(Model, "config.json"), "{}");
        Directory.CreateDirectory(Dataset);
        File.WriteAllText(Path.Combine(Dataset, "videos2caption.json"), JsonSerializer.Serialize(Enumerable.Range(0, clips).Select(i => new { path = $"{i}.mp4" })));
    }

    public string Trainer => Path.Combine(_root.FullName, "trainer");

    public string Prompts => Path.Combine(_root.FullName, "prompts.txt");

    public string Model => Path.Combine(_root.FullName, "model");

    public string Dataset => Path.Combine(_root.FullName, "dataset");

    public string Data => Path.Combine(_root.FullName, "data");

    public string[] Here => ["--data", Data, "--trainer", Trainer];

    public string[] Generate => ["generate", "--prompts", Prompts, "--model", Model, "--steps", "2", "--json", .. Here];

    public IReadOnlyList<string> Log(string name) => File.Exists(Path.Combine(Trainer, name)) ? File.ReadAllLines(Path.Combine(Trainer, name)) : [];

    /// <summary>Prompts in the order in which the sampler finished them.</summary>
    public IReadOnlyList<string> Sampled => [.. Log("serve.log").Where(line => line.StartsWith("item ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1])];

    public int StoredVideos => Directory.EnumerateFiles(Path.Combine(Data, "media"), "*.mp4", SearchOption.AllDirectories).Count();

    /// <summary>Another model beside <see cref="Model"/>.</summary>
    public string OtherModel()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root.FullName, "other")).FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), """{"other":true}""");
        return folder;
    }

    /// <summary>Waits for what another process brings about.</summary>
    public static async Task UntilAsync(Func<bool> holds)
    {
        var started = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "It did not come about.");
            await Task.Delay(20);
        }
    }

    public void Dispose() => _root.Delete(recursive: true);
}
