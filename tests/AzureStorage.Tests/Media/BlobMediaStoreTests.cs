using System.Security.Cryptography;
using Azure.Storage.Blobs.Specialized;
using MedGenCluster.AzureStorage.Tests.Services;
using MedGenCluster.AzureStorage.Tests.Support;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Media;

namespace MedGenCluster.AzureStorage.Tests.Media;

/// <summary>Media as blobs under the address of their content.</summary>
public sealed class BlobMediaStoreTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly byte[] Clip = BlobBench.Noise(100_000);

    [AzuriteFact]
    public async Task A_blob_has_its_hash_as_its_name_and_the_type_of_a_video()
    {
        using var bench = await azurite.BenchAsync();

        var reference = await BlobBench.StoreAsync(bench.Store("one"), Clip);

        Assert.Equal(new MediaRef(Convert.ToHexStringLower(SHA256.HashData(Clip)), Clip.Length), reference);
        Assert.Equal([reference.Sha256 + ".mp4"], await bench.BlobNamesAsync());
        Assert.Equal("video/mp4", (await bench.Blob(reference).GetPropertiesAsync()).Value.ContentType);
        Assert.Equal(Clip, (await bench.Blob(reference).DownloadContentAsync()).Value.Content.ToArray());
        Assert.Empty(bench.Unfinished("one"));
    }

    [AzuriteTheory]
    [InlineData(0)]
    [InlineData(100_000)]
    [InlineData(13 << 20)]
    public async Task What_one_machine_stores_another_reads(int length)
    {
        using var bench = await azurite.BenchAsync();
        var content = BlobBench.Noise(length);

        var reference = await BlobBench.StoreAsync(bench.Store("one"), content);

        Assert.Equal(content, await BlobBench.ReadAsync(bench.Store("other"), reference));
        Assert.Empty(bench.Unfinished("other"));
    }

    [AzuriteTheory]
    [InlineData(100_000)]
    [InlineData(9 << 20)]
    public async Task Many_who_store_the_same_bytes_at_once_leave_one_blob(int length)
    {
        using var bench = await azurite.BenchAsync();
        var content = BlobBench.Noise(length);
        var stores = new[] { bench.Store("one"), bench.Store("one"), bench.Store("other") };

        var references = new List<MediaRef>();
        var refused = 0;
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () =>
        {
            while (true)
            {
                try
                {
                    var reference = await BlobBench.StoreAsync(stores[i % 3], content);
                    lock (references)
                    {
                        references.Add(reference);
                    }

                    return;
                }
                catch (MediaStoreException error) when (error.Retryable && Interlocked.Increment(ref refused) < 100)
                {
                    // Another one committed its blocks in between.
                }
            }
        })));

        Assert.Equal(12, references.Count);
        Assert.Single(references.Distinct());
        Assert.Single(await bench.BlobNamesAsync());
        Assert.Equal(content, await BlobBench.ReadAsync(bench.Store("third"), references[0]));
        Assert.Empty(bench.Unfinished("one").Concat(bench.Unfinished("other")));
    }

    [AzuriteFact]
    public async Task A_copy_that_is_here_is_not_fetched_again()
    {
        using var bench = await azurite.BenchAsync();
        var store = bench.Store("one");
        var reference = await BlobBench.StoreAsync(store, Clip);
        var other = bench.Store("other");
        await other.OpenLocalAsync(reference, CancellationToken.None);

        await bench.Blob(reference).DeleteAsync();

        Assert.Equal(Clip, await BlobBench.ReadAsync(store, reference));
        Assert.Equal(Clip, await BlobBench.ReadAsync(other, reference));
        var lost = await Assert.ThrowsAsync<FileNotFoundException>(() => bench.Store("third").OpenLocalAsync(reference, CancellationToken.None));
        Assert.Contains(reference.Sha256, lost.Message);
        Assert.Empty(bench.Unfinished("third"));
    }

    [AzuriteFact]
    public async Task Many_readers_of_one_blob_get_it_whole()
    {
        using var bench = await azurite.BenchAsync();
        var reference = await BlobBench.StoreAsync(bench.Store("one"), BlobBench.Noise(3 << 20));
        var readers = new[] { bench.Store("other"), bench.Store("other") };

        var read = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => BlobBench.ReadAsync(readers[i % 2], reference))));

        Assert.All(read, bytes => Assert.Equal(reference.Sha256, Convert.ToHexStringLower(SHA256.HashData(bytes))));
    }

    [AzuriteFact]
    public async Task Other_bytes_under_the_name_are_refused_and_not_kept()
    {
        using var bench = await azurite.BenchAsync();
        var reference = await BlobBench.StoreAsync(bench.Store("one"), Clip);
        var forged = (byte[])Clip.Clone();
        forged[50_000] ^= 1;
        await bench.Blob(reference).UploadAsync(new BinaryData(forged), overwrite: true);
        var other = bench.Store("other");

        var error = await Assert.ThrowsAsync<MediaStoreException>(() => other.OpenLocalAsync(reference, CancellationToken.None));

        Assert.False(error.Retryable);
        Assert.Contains(reference.Sha256, error.Message);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(bench.Folder, "other"), "*.mp4", SearchOption.AllDirectories));
    }

    [AzuriteFact]
    public async Task A_blob_of_another_length_under_the_name_is_not_taken_for_the_stored_one()
    {
        using var bench = await azurite.BenchAsync();
        var reference = await BlobBench.StoreAsync(bench.Store("one"), Clip);
        await bench.Blob(reference).UploadAsync(new BinaryData(Clip[..99]), overwrite: true);

        var error = await Assert.ThrowsAsync<MediaStoreException>(() => BlobBench.StoreAsync(bench.Store("other"), Clip));

        Assert.False(error.Retryable);
        Assert.Contains("99 bytes", error.Message);
    }

    [AzuriteFact]
    public async Task A_local_copy_that_was_cut_short_is_fetched_again()
    {
        using var bench = await azurite.BenchAsync();
        var store = bench.Store("one");
        var reference = await BlobBench.StoreAsync(store, Clip);
        await File.WriteAllBytesAsync(await store.OpenLocalAsync(reference, CancellationToken.None), Clip[..1000]);

        Assert.Equal(Clip, await BlobBench.ReadAsync(store, reference));
    }

    [AzuriteFact]
    public async Task An_upload_that_is_killed_leaves_nothing_under_its_name_and_the_next_one_succeeds()
    {
        using var bench = await azurite.BenchAsync();
        var content = BlobBench.Noise(40 << 20);
        var reference = new MediaRef(Convert.ToHexStringLower(SHA256.HashData(content)), content.Length);
        using (var proxy = new CuttingProxy(bench.Container.Uri.Port, 30 << 20))
        {
            var store = bench.Store("one", BlobBench.Impatient, bench.Account.Replace($":{bench.Container.Uri.Port}/", $":{proxy.Port}/", StringComparison.Ordinal));

            var error = await Assert.ThrowsAsync<MediaStoreException>(() => BlobBench.StoreAsync(store, content));

            Assert.True(error.Retryable);
            Assert.True(proxy.HasCut);
        }

        var blocks = (await bench.Container.GetBlockBlobClient(reference.Sha256 + ".mp4").GetBlockListAsync(Azure.Storage.Blobs.Models.BlockListTypes.All)).Value;
        Assert.NotEmpty(blocks.UncommittedBlocks);
        Assert.Empty(blocks.CommittedBlocks);
        Assert.Empty(await bench.BlobNamesAsync());
        Assert.Empty(bench.Unfinished("one"));

        Assert.Equal(reference, await BlobBench.StoreAsync(bench.Store("one"), content));
        Assert.Equal(content, await BlobBench.ReadAsync(bench.Store("other"), reference));
    }

    [AzuriteFact]
    public async Task A_cancelled_deed_says_so_and_leaves_no_file()
    {
        using var bench = await azurite.BenchAsync();
        var store = bench.Store("one");
        using var cancelled = new CancellationTokenSource();
        var path = store.NewTemporaryPath(".mp4");
        await File.WriteAllBytesAsync(path, Clip);
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.AdoptAsync(path, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.OpenLocalAsync(new MediaRef(new string('a', 64), 5), cancelled.Token));

        Assert.Empty(await bench.BlobNamesAsync());
        Assert.Empty(bench.Unfinished("one"));
    }
}
