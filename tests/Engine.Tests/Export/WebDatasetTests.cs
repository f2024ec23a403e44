using System.Formats.Tar;
using System.Text.Json;
using MedGenCluster.Engine.Export;

namespace MedGenCluster.Engine.Tests.Export;

public sealed class WebDatasetTests : IDisposable
{
    private readonly ExportWorkspace _at = new();

    public void Dispose() => _at.Dispose();

    [Fact]
    public async Task Each_clip_is_a_json_an_mp4_and_a_txt_of_one_key()
    {
        var clip = _at.Clip(1);
        await _at.ExportAsync([clip], _at.Options(ExportFormats.WebDataset));
        var entries = Entries("000000.tar");

        Assert.Equal([$"{clip.Id}.json", $"{clip.Id}.mp4", $"{clip.Id}.txt"], entries.Keys);
        Assert.Equal(File.ReadAllBytes(clip.LocalPath), entries[$"{clip.Id}.mp4"]);
        Assert.Equal(clip.DetailedCaption, System.Text.Encoding.UTF8.GetString(entries[$"{clip.Id}.txt"]));
        var json = JsonDocument.Parse(entries[$"{clip.Id}.json"]).RootElement;
        Assert.Equal($"{clip.Id}.mp4", json.GetProperty("file_name").GetString());
        Assert.Equal(clip.Media.Sha256, json.GetProperty("sha256").GetString());
        Assert.False(Directory.Exists(Path.Combine(_at.Target, "videos")));
    }

    [Fact]
    public async Task Entries_carry_nothing_of_this_machine()
    {
        await _at.ExportAsync(_at.Clips(2), _at.Options(ExportFormats.WebDataset));
        using var tar = new TarReader(File.OpenRead(Path.Combine(_at.Target, "shards", "000000.tar")));
        while (tar.GetNextEntry() is { } entry)
        {
            Assert.Equal(DateTimeOffset.UnixEpoch, entry.ModificationTime);
            Assert.Equal((0, 0), (entry.Uid, entry.Gid));
            Assert.Equal("", Assert.IsType<UstarTarEntry>(entry).UserName);
        }
    }

    [Fact]
    public async Task Shards_close_at_the_number_of_clips()
    {
        var report = await _at.ExportAsync(_at.Clips(5), _at.Options(ExportFormats.WebDataset) with { ShardClips = 2 });

        Assert.Equal(3, report.Shards);
        Assert.Equal([6, 6, 3], Enumerable.Range(0, 3).Select(i => Entries($"{i:D6}.tar").Count));
    }

    [Fact]
    public async Task Shards_close_before_the_number_of_bytes_and_a_large_clip_has_its_own()
    {
        var report = await _at.ExportAsync(_at.Clips(6), _at.Options(ExportFormats.WebDataset) with { ShardBytes = 9_000 });
        var files = Directory.GetFiles(Path.Combine(_at.Target, "shards"));
        Assert.Equal(report.Shards, files.Length);
        Assert.InRange(report.Shards, 2, 5);
        // A tar file ends in blocks of 10 KiB only where a tool pads it; ours ends after two empty blocks.
        Assert.All(files, f => Assert.InRange(new FileInfo(f).Length, 1, 9_000));

        var own = await _at.ExportAsync(_at.Clips(3), _at.Options(ExportFormats.WebDataset) with { ShardBytes = 1, Overwrite = true });
        Assert.Equal(3, own.Shards);
    }

    private SortedDictionary<string, byte[]> Entries(string shard)
    {
        var entries = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        using var tar = new TarReader(File.OpenRead(Path.Combine(_at.Target, "shards", shard)));
        while (tar.GetNextEntry() is { } entry)
        {
            using var data = new MemoryStream();
            entry.DataStream?.CopyTo(data);
            entries.Add(entry.Name, data.ToArray());
        }

        return entries;
    }
}
