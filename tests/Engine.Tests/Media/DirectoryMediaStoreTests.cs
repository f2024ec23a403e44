using System.Security.Cryptography;
using System.Text;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Media;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Media;

/// <summary>Media under the address of their content.</summary>
public sealed class DirectoryMediaStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DirectoryMediaStore _store;

    public DirectoryMediaStoreTests() => _store = NewStore();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_blob_is_found_under_its_hash_and_leaves_no_temporary_file()
    {
        var blob = await StoreAsync("a clip");

        Assert.Equal(new MediaRef(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("a clip"))), 6), blob);
        Assert.Equal("a clip", await File.ReadAllTextAsync(await _store.OpenLocalAsync(blob, CancellationToken.None)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["tmp"]));
    }

    [Fact]
    public async Task The_same_bytes_are_stored_once()
    {
        var blobs = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => StoreAsync("a clip")))).Soon();

        Assert.Single(blobs.Distinct());
        Assert.Single(Directory.EnumerateFiles(_folder["media"], "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["tmp"]));
    }

    [Fact]
    public async Task Only_complete_files_appear_in_the_store()
    {
        var path = _store.NewTemporaryPath(".mp4");
        await File.WriteAllTextAsync(path, "half a cl");
        Assert.Empty(Directory.EnumerateFiles(_folder["media"], "*", SearchOption.AllDirectories));

        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.AdoptAsync(path, cancelled.Token));

        Assert.Empty(Directory.EnumerateFiles(_folder["media"], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_blob_that_was_cut_short_is_replaced_when_its_content_comes_again()
    {
        var blob = await StoreAsync("a clip");
        await File.WriteAllTextAsync(await _store.OpenLocalAsync(blob, CancellationToken.None), "a c");

        await StoreAsync("a clip");

        Assert.Equal("a clip", await File.ReadAllTextAsync(await _store.OpenLocalAsync(blob, CancellationToken.None)));
    }

    [Fact]
    public async Task A_blob_that_is_not_there_is_named()
    {
        var lost = new MediaRef(new string('a', 64), 7);

        var missing = await Assert.ThrowsAsync<FileNotFoundException>(() => _store.OpenLocalAsync(lost, CancellationToken.None));

        Assert.Contains(lost.Sha256, missing.Message);
        Assert.Contains("medgen retry", missing.Message);
    }

    [Fact]
    public void Temporary_names_are_never_given_twice_by_any_store_of_a_process()
    {
        var other = NewStore();

        var names = Enumerable.Range(0, 100).SelectMany(_ => new[] { _store.NewTemporaryPath(".mp4"), other.NewTemporaryPath(".mp4") }).ToList();

        Assert.Equal(200, names.Distinct().Count());
        Assert.All(names, name => Assert.False(File.Exists(name)));
    }

    [Fact]
    public async Task What_a_killed_process_left_is_removed_and_the_blobs_stay()
    {
        var blob = await StoreAsync("a clip");
        await File.WriteAllTextAsync(_store.NewTemporaryPath(".mp4"), "half");
        Directory.CreateDirectory(_folder["tmp/frames/deep"]);
        await File.WriteAllTextAsync(_folder["tmp/frames/deep/1.raw"], "frame");

        NewStore().RemoveLeftovers();

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["tmp"]));
        Assert.True(File.Exists(await _store.OpenLocalAsync(blob, CancellationToken.None)));
    }

    private DirectoryMediaStore NewStore() => new(_folder["media"], _folder["tmp"]);

    private async Task<MediaRef> StoreAsync(string content)
    {
        var path = _store.NewTemporaryPath(".mp4");
        await File.WriteAllTextAsync(path, content);
        return await _store.AdoptAsync(path, CancellationToken.None);
    }
}
