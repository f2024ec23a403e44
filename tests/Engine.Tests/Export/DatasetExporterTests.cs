using System.Security.Cryptography;
using MedGenCluster.Engine.Export;

namespace MedGenCluster.Engine.Tests.Export;

public sealed class DatasetExporterTests : IDisposable
{
    private readonly ExportWorkspace _at = new();

    public void Dispose() => _at.Dispose();

    [Fact]
    public async Task Video_folder_has_a_metadata_row_for_each_clip_by_clip_id()
    {
        var clips = _at.Clips(5);
        var report = await _at.ExportAsync(clips, _at.Options(ExportFormats.VideoFolder));

        Assert.True(report.Succeeded);
        Assert.Equal(5, report.Exported);
        Assert.Empty(report.LeftOut);
        var rows = _at.Metadata();
        Assert.Equal(clips.Select(c => c.Id.Value).Order(StringComparer.Ordinal), rows.Select(r => r.GetProperty("clip_id").GetString()));
        Assert.All(rows, row => Assert.True(File.Exists(Path.Combine(_at.Target, row.GetProperty("file_name").GetString()!))));
    }

    [Fact]
    public async Task Metadata_row_states_what_the_clip_is()
    {
        var clip = _at.Clip(3);
        await _at.ExportAsync([clip], _at.Options(ExportFormats.VideoFolder));
        var row = Assert.Single(_at.Metadata());

        Assert.Equal($"videos/{clip.Id}.mp4", row.GetProperty("file_name").GetString());
        Assert.Equal(clip.BriefCaption, row.GetProperty("brief_caption").GetString());
        Assert.Equal(clip.DetailedCaption, row.GetProperty("detailed_caption").GetString());
        Assert.Equal("720*480", row.GetProperty("resolution").GetString());
        Assert.Equal(clip.Media.Sha256, row.GetProperty("sha256").GetString());
        Assert.Equal("1.5", row.GetProperty("start_time").GetRawText());
        Assert.Equal("9.5", row.GetProperty("end_time").GetRawText());
        Assert.Equal("8.0", row.GetProperty("duration").GetRawText());
        Assert.Equal("4.3", row.GetProperty("aesthetics.score").GetRawText());
        Assert.Equal(clip.SourceUrl, row.GetProperty("source_url").GetString());
        Assert.Equal(clip.Licence, row.GetProperty("licence").GetString());
        Assert.Equal("laion-1", row.GetProperty("model_versions").GetProperty("aesthetics").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, row.GetProperty("channel").ValueKind);
    }

    [Fact]
    public async Task Every_row_has_the_same_columns_even_where_scores_differ()
    {
        var other = _at.Clip(2);
        other.Scores.Clear();
        other.Scores["plain"] = double.NaN;
        await _at.ExportAsync([_at.Clip(1), other], _at.Options(ExportFormats.VideoFolder));

        var columns = _at.Metadata().Select(row => row.EnumerateObject().Select(p => p.Name).ToArray()).ToArray();
        Assert.Equal(columns[0], columns[1]);
        Assert.Contains("score.plain", columns[0]);
        Assert.Equal(columns[0].Length, columns[0].Distinct().Count());
    }

    [Fact]
    public async Task Hostile_text_stays_one_line_of_valid_json()
    {
        var title = "a\"b\\c\n\u2028\u0085\u0000<script>\ud800 Ärzte 手術";
        await _at.ExportAsync([ExportWorkspace.Bound(_at.Clip(1) with { Title = title, DetailedCaption = title })]);

        var text = _at.Read(ExportLayout.Metadata);
        Assert.Equal(1, text.Count(c => c is '\n' or '\r' or '\u2028' or '\u2029' or '\u0085'));
        Assert.Equal(title.Replace('\ud800', '\ufffd'), _at.Metadata().Single().GetProperty("title").GetString());
        Assert.Contains("Ärzte 手術", text);
    }

    [Fact]
    public async Task Equal_clips_give_equal_bytes_in_any_order()
    {
        var clips = _at.Clips(12);
        await _at.ExportAsync(clips);
        var first = _at.Hashes();
        var shuffled = clips.ToArray();
        new Random(5).Shuffle(shuffled);
        await _at.ExportAsync(shuffled, _at.Options() with { Overwrite = true, HardLinks = false, Parallelism = 4 });

        Assert.Equal(first, _at.Hashes());
    }

    [Fact]
    public async Task Checksums_cover_every_other_file()
    {
        await _at.ExportAsync(_at.Clips(3));
        var listed = _at.Read(ExportLayout.Checksums).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToDictionary(l => l[66..], l => l[..64]);
        var actual = _at.Hashes();
        actual.Remove(ExportLayout.Checksums);

        Assert.Equal(actual, new SortedDictionary<string, string>(listed, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Clips_are_linked_from_the_store_or_copied()
    {
        var linked = await _at.ExportAsync(_at.Clips(3));
        Assert.Equal((3, 0), (linked.Linked, linked.Copied));

        var copied = await _at.ExportAsync(_at.Clips(3), _at.Options() with { Overwrite = true }, files: new WithoutLinks());
        Assert.Equal((0, 3), (copied.Linked, copied.Copied));
        var video = Path.Combine(_at.Target, ExportLayout.Video(_at.Clip(2)));
        Assert.Equal(_at.Clip(2).Media.Sha256, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(video))));
    }

    [Fact]
    public async Task A_linked_store_entry_that_is_a_symbolic_link_gives_its_file()
    {
        var clip = _at.Clip(1);
        var link = Path.Combine(_at.Root, "link");
        File.CreateSymbolicLink(link, clip.LocalPath);
        await _at.ExportAsync([clip with { LocalPath = link }]);

        Assert.Null(new FileInfo(Path.Combine(_at.Target, ExportLayout.Video(clip))).LinkTarget);
    }

    [Fact]
    public async Task No_clips_give_a_complete_empty_export()
    {
        var report = await _at.ExportAsync([]);

        Assert.True(report.Succeeded);
        Assert.Equal("", _at.Read(ExportLayout.Metadata));
        Assert.Equal("[]\n", _at.Read(ExportLayout.TrainerList));
        Assert.Equal(0, report.Shards);
        Assert.Contains("n<1K", _at.Read(ExportLayout.Card));
    }

    [Fact]
    public async Task Cancellation_leaves_nothing_behind()
    {
        using var cancel = new CancellationTokenSource();
        var progress = new CancelAt("media", cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new DatasetExporter(ExportWorkspace.Files).ExportAsync(new Source(_at.Clips(5), new()), _at.Options(), progress, cancel.Token));

        Assert.Empty(_at.Siblings());
    }

    [Fact]
    public async Task Wrong_options_are_reported_all_at_once()
    {
        var report = await _at.ExportAsync([], _at.Options(ExportFormats.None) with { ShardBytes = 0, Trainer = new() { TrainFps = double.NaN } });

        Assert.Equal(ExportErrorKind.InvalidOptions, report.Error?.Kind);
        Assert.All(["Formats", "ShardBytes", "TrainFps"], name => Assert.Contains(name, report.Error!.Message));
    }

    private sealed class WithoutLinks : IExportFiles
    {
        public bool TryHardLink(string existingPath, string newPath) => false;

        public Stream Create(string path) => ExportWorkspace.Files.Create(path);

        public void Persist(Stream file) => ExportFiles.Local.Persist(file);
    }

    private sealed class CancelAt(string phase, CancellationTokenSource cancel) : IProgress<ExportProgress>
    {
        public void Report(ExportProgress value)
        {
            if (value.Phase == phase)
                cancel.Cancel();
        }
    }
}
