using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Export;

namespace MedGenCluster.Engine.Tests.Export;

/// <summary>A temporary folder with a media store and a target for exports.</summary>
public sealed class ExportWorkspace : IDisposable
{
    public ExportWorkspace()
    {
        Root = Directory.CreateTempSubdirectory("export-tests-").FullName;
        Directory.CreateDirectory(Path.Combine(Root, "store"));
    }

    public static readonly ExportFiles Files = new(durable: false);

    public string Root { get; }

    public string Target => Path.Combine(Root, "datasets", "out");

    public ExportOptions Options(ExportFormats formats = ExportFormats.All) => new() { TargetFolder = Target, Formats = formats };

    /// <summary>A well-formed clip number <paramref name="n"/> whose blob is in the store and whose caption is bound to it.</summary>
    public ExportClip Clip(int n)
    {
        var bytes = Encoding.UTF8.GetBytes($"clip {n} " + new string('x', 100 * n));
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var path = Path.Combine(Root, "store", sha256);
        File.WriteAllBytes(path, bytes);
        var video = VideoId.From("youtube", $"video-{n}");
        return Bound(new ExportClip
        {
            Id = ClipId.From(video, new(0, 8000)),
            VideoId = video,
            Media = new(sha256, bytes.Length),
            LocalPath = path,
            StartMs = 1500,
            EndMs = 9500,
            BriefCaption = $"A surgeon closes wound {n}.",
            DetailedCaption = $"A surgeon in blue gloves closes wound {n} with a curved needle.",
            CaptionModel = "captioner-1",
            Category = n % 2 == 0 ? "teaching" : "clinical practice",
            Scores = new(StringComparer.Ordinal) { ["aesthetics.score"] = 4 + n / 10.0, ["technical-quality.overall"] = 0.5 },
            ModelVersions = new(StringComparer.Ordinal) { ["aesthetics"] = "laion-1" },
            SourceUrl = $"https://example.org/watch?v={n}",
            Title = "Wound closure",
            Licence = "Creative Commons Attribution license (reuse allowed)",
            Width = 720,
            Height = 480,
            Fps = 24,
            Frames = 192,
            DurationSeconds = 8,
        });
    }

    public static ExportClip Bound(ExportClip clip)
    {
        var binding = new CaptionBinding(clip.Media.Sha256, [0.5, 1.5], "prompt", clip.CaptionModel, "");
        clip = clip with { Binding = binding };
        return clip with { Binding = binding with { Value = CaptionBinding.Compute(clip) } };
    }

    public ExportClip[] Clips(int count) => [.. Enumerable.Range(1, count).Select(Clip)];

    public Task<ExportReport> ExportAsync(IEnumerable<ExportClip> clips, ExportOptions? options = null, ExportSummary? summary = null, IExportFiles? files = null) =>
        new DatasetExporter(files ?? Files).ExportAsync(new Source(clips, summary ?? new()), options ?? Options(), null, CancellationToken.None);

    public string Read(string relativePath) => File.ReadAllText(Path.Combine(Target, relativePath));

    public JsonElement[] Metadata() =>
        [.. Read(ExportLayout.Metadata).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>SHA-256 of each file of the target by relative path.</summary>
    public SortedDictionary<string, string> Hashes() => new(Directory.EnumerateFiles(Target, "*", SearchOption.AllDirectories).ToDictionary(
        f => Path.GetRelativePath(Target, f).Replace('\\', '/'), f => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(f)))), StringComparer.Ordinal);

    /// <summary>What lies beside the target, hidden entries included.</summary>
    public string[] Siblings() => [.. Directory.GetFileSystemEntries(Path.GetDirectoryName(Target)!).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

public sealed class Source(IEnumerable<ExportClip> clips, ExportSummary summary) : IExportSource
{
    public string DatasetName { get; init; } = "Test dataset";

    public Task<ExportSummary> SummariseAsync(CancellationToken cancellationToken) => Task.FromResult(summary);

    public async IAsyncEnumerable<ExportClip> ReadClipsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var clip in clips)
            yield return clip;
    }
}
