using System.Text.Json;
using MedGenCluster.Curation.Prompts;
using MedGenCluster.Engine.Generation;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Media;
using MedGenCluster.Engine.Training;
using MedGenCluster.GpuWorkers.Trainer;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGenCluster.GpuWorkers.Tests.Trainer;

/// <summary>A folder with a stand-in for the trainer, a ledger and a media store, and workers on them. Programs are real processes.</summary>
internal sealed class TrainerBench : IAsyncDisposable
{
    /// <summary>How long a test waits for what real processes do: far longer than a busy machine needs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-trainer-");

    /// <param name="behaviour">What the stand-in shall do, by program.</param>
    public TrainerBench(object? behaviour = null)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "stand-in-trainer"), "*.py", SearchOption.AllDirectories))
        {
            var target = Path.Combine(Trainer, Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "stand-in-trainer"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        File.WriteAllText(Path.Combine(Trainer, "behaviour.json"), JsonSerializer.Serialize(behaviour ?? new { }));
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "model"));
        File.WriteAllText(Path.Combine(_folder.FullName, "model", "config.json"), "{}");
        Ledger = SqliteLedger.Open(Path.Combine(_folder.FullName, "ledger.db"), TimeProvider.System, NullLogger.Instance);
        Media = new DirectoryMediaStore(Path.Combine(_folder.FullName, "media"), Path.Combine(_folder.FullName, "tmp"));
    }

    public string Trainer => Path.Combine(_folder.FullName, "trainer");

    public string Runs => Path.Combine(_folder.FullName, "training");

    public SqliteLedger Ledger { get; }

    public DirectoryMediaStore Media { get; }

    public IReadOnlyList<string> Log(string name) => File.Exists(Path.Combine(Trainer, name)) ? File.ReadAllLines(Path.Combine(Trainer, name)) : [];

    public Task<GenerationRow> GenerateAsync(int prompts = 3, int perPrompt = 1, int models = 1) => Ledger.CreateGenerationAsync(new GenerationPlan(
        "batch",
        [.. Enumerable.Range(0, prompts).Select(i => new Prompt($"p{i}", $"prompt {i}", null, i + 1))],
        new GenerationSettings(
            [.. Enumerable.Range(0, models).Select(i => new GenerationModel(Path.Combine(_folder.FullName, i == 0 ? "model" : $"model{i}"), null, $"f{i}"))], perPrompt, 0, new SamplingOptions(2), prompts)));

    public GenerationWorker GenerationWorker(TimeSpan? itemLimit = null) => new(
        Ledger, Media, new VideoSamplers(Found(itemLimit), TimeProvider.System), WorkerIdentity.Own(), new GenerationWorkerOptions { Pause = TimeSpan.FromMilliseconds(200) }, TimeProvider.System,
        NullLogger.Instance);

    public TrainingWorker TrainingWorker(TimeSpan? silence = null, string python = "python3") => new(
        Ledger, Media, new TrainerPrograms(Found(null) with { Python = python }, TimeProvider.System), WorkerIdentity.Own(),
        new TrainingWorkerOptions
        {
            Root = Runs, SilenceLimit = silence ?? TimeSpan.FromMinutes(1), Heartbeat = TimeSpan.FromMilliseconds(100), FlushPeriod = TimeSpan.FromMilliseconds(50), Pause = TimeSpan.FromMilliseconds(100),
        },
        TimeProvider.System, NullLogger.Instance);

    public async Task<TrainingRow> TrainAsync(int processes = 1, int clips = 3, string[]? prompts = null, TrainingBase? begin = null, params (string Name, string Value)[] options)
    {
        var export = Directory.CreateDirectory(Path.Combine(_folder.FullName, "export")).FullName;
        await File.WriteAllTextAsync(Path.Combine(export, "videos2caption.json"), JsonSerializer.Serialize(Enumerable.Range(0, clips).Select(i => new { path = $"videos/{i}.mp4" })));
        var (dataset, error) = TrainingDataset.Open(export);
        return await Ledger.CreateTrainingAsync("run", new TrainingSettings(
            export, dataset?.Sha256 ?? error!, new Dictionary<string, string>(), options.ToDictionary(option => option.Name, option => option.Value), prompts ?? [], processes, "test", begin));
    }

    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private TrainerOptions Found(TimeSpan? itemLimit) => new()
    {
        Folder = Trainer, ItemLimit = itemLimit ?? TimeSpan.FromMinutes(1), LoadLimit = TimeSpan.FromMinutes(1), StopLimit = TimeSpan.FromSeconds(30),
    };
}
