using MedGenCluster.Engine.Export;

namespace MedGenCluster.Engine.Tests.Export;

/// <summary>An export stands complete under its name or not at all, and never harms what stood there.</summary>
public sealed class AtomicExportTests : IDisposable
{
    private readonly ExportWorkspace _at = new();

    public void Dispose() => _at.Dispose();

    [Fact]
    public async Task Only_the_target_remains_beside_itself()
    {
        await _at.ExportAsync(_at.Clips(2));
        await _at.ExportAsync(_at.Clips(3), _at.Options() with { Overwrite = true });

        Assert.Equal(["out"], _at.Siblings());
        Assert.Equal(3, _at.Metadata().Length);
    }

    [Fact]
    public async Task Existing_target_is_refused_without_overwrite()
    {
        await _at.ExportAsync(_at.Clips(2));
        var before = _at.Hashes();
        var report = await _at.ExportAsync(_at.Clips(3));

        Assert.Equal(ExportErrorKind.TargetExists, report.Error?.Kind);
        Assert.Equal(before, _at.Hashes());
    }

    [Fact]
    public async Task Folder_that_is_no_export_is_never_replaced()
    {
        Directory.CreateDirectory(_at.Target);
        File.WriteAllText(Path.Combine(_at.Target, "thesis.tex"), "years of work");
        var report = await _at.ExportAsync(_at.Clips(1), _at.Options() with { Overwrite = true });

        Assert.Equal(ExportErrorKind.TargetExists, report.Error?.Kind);
        Assert.Equal("years of work", _at.Read("thesis.tex"));
    }

    [Fact]
    public async Task File_at_the_target_is_never_replaced()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_at.Target)!);
        File.WriteAllText(_at.Target, "a file");
        var report = await _at.ExportAsync(_at.Clips(1), _at.Options() with { Overwrite = true });

        Assert.Equal(ExportErrorKind.TargetExists, report.Error?.Kind);
        Assert.Equal("a file", File.ReadAllText(_at.Target));
    }

    [Theory]
    [InlineData("shards")]
    [InlineData("videos/")]
    [InlineData(ExportLayout.Metadata)]
    [InlineData(ExportLayout.Checksums)]
    public async Task Full_disk_is_one_clear_error_and_leaves_the_old_export(string whileWriting)
    {
        await _at.ExportAsync(_at.Clips(2));
        var before = _at.Hashes();
        var report = await _at.ExportAsync(_at.Clips(4), _at.Options() with { Overwrite = true }, files: new FullDisk(whileWriting));

        Assert.Equal(ExportErrorKind.DiskFull, report.Error?.Kind);
        Assert.Contains("full", report.Error!.Message);
        Assert.Equal(before, _at.Hashes());
        Assert.Equal(["out"], _at.Siblings());
    }

    [Fact]
    public async Task Second_export_to_the_same_target_is_turned_away()
    {
        ExportReport? inner = null;
        var outer = await new DatasetExporter(ExportWorkspace.Files).ExportAsync(
            new Source(Clips(), new()), _at.Options(), null, CancellationToken.None);

        Assert.True(outer.Succeeded);
        Assert.Equal(ExportErrorKind.Busy, inner?.Error?.Kind);

        IEnumerable<ExportClip> Clips()
        {
            inner = _at.ExportAsync(_at.Clips(1)).GetAwaiter().GetResult();
            yield return _at.Clip(1);
        }
    }

    [Fact]
    public async Task Leftovers_of_a_killed_export_are_cleared_away()
    {
        var parent = Path.GetDirectoryName(_at.Target)!;
        Directory.CreateDirectory(Path.Combine(parent, ".out.export-partial", "videos"));
        await _at.ExportAsync(_at.Clips(1));

        Assert.Equal(["out"], _at.Siblings());
    }

    [Fact]
    public async Task Export_killed_between_its_two_renames_gives_the_old_one_back()
    {
        await _at.ExportAsync(_at.Clips(2));
        var before = _at.Hashes();
        Directory.Move(_at.Target, Path.Combine(Path.GetDirectoryName(_at.Target)!, ".out.export-old"));
        var report = await _at.ExportAsync(_at.Clips(3));

        Assert.Equal(ExportErrorKind.TargetExists, report.Error?.Kind);
        Assert.Equal(before, _at.Hashes());
    }

    /// <summary>A volume that fills up while files of one name are written.</summary>
    private sealed class FullDisk(string part) : IExportFiles
    {
        public bool TryHardLink(string existingPath, string newPath) => !part.StartsWith("videos", StringComparison.Ordinal) && ExportWorkspace.Files.TryHardLink(existingPath, newPath);

        public Stream Create(string path) => path.Replace('\\', '/').Contains("/" + part, StringComparison.Ordinal)
            ? new FullStream()
            : ExportWorkspace.Files.Create(path);

        public void Persist(Stream file) => ExportWorkspace.Files.Persist(file);
    }

    private sealed class FullStream : MemoryStream
    {
        private static readonly int Code = OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28;

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device", Code);

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("No space left on device", Code);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("No space left on device", Code);
    }
}
