using System.Text;
using MedGenCluster.AzureStorage.Tests.Services;
using MedGenCluster.AzureStorage.Tests.Support;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Media;
using MedGenCluster.Services;

namespace MedGenCluster.AzureStorage.Tests.Media;

/// <summary>An account that is away, comes back, or says no.</summary>
public sealed class AwayTests
{
    private static readonly byte[] Clip = BlobBench.Noise(9 << 20);

    [AzuriteFact]
    public async Task What_begins_while_the_account_is_away_is_done_when_it_is_back()
    {
        await using var azurite = await AzuriteServer.StartAsync();
        using var bench = await BlobBench.CreateAsync(azurite.ConnectionString, "media");
        var stored = await BlobBench.StoreAsync(bench.Store("one"), Clip);
        var other = bench.Store("other");

        await azurite.StopAsync();
        var reading = BlobBench.ReadAsync(other, stored);
        var writing = BlobBench.StoreAsync(other, Clip[1..]);
        await azurite.ContinueAsync();

        Assert.Equal(Clip, await reading);
        var written = await writing;
        Assert.Equal(Clip[1..], await BlobBench.ReadAsync(bench.Store("one"), written));
        Assert.Equal(2, (await bench.BlobNamesAsync()).Count);
    }

    [AzuriteFact]
    public async Task Work_goes_on_through_restarts_and_loses_nothing()
    {
        await using var azurite = await AzuriteServer.StartAsync();
        using var bench = await BlobBench.CreateAsync(azurite.ConnectionString, "media");
        var (one, other) = (bench.Store("one"), bench.Store("other"));
        using var done = new CancellationTokenSource();
        var rounds = new int[4];
        var workers = Enumerable.Range(0, rounds.Length).Select(worker => Task.Run(async () =>
        {
            var stored = new List<(MediaRef, byte[])>();
            while (!done.IsCancellationRequested)
            {
                var content = BlobBench.Noise(300_000, (worker * 100_000) + stored.Count);
                stored.Add((await BlobBench.StoreAsync(one, content), content));
                Assert.Equal(content, await BlobBench.ReadAsync(other, stored[^1].Item1));
                Interlocked.Increment(ref rounds[worker]);
            }

            return stored;
        })).ToList();

        for (var outage = 0; outage < 2; outage++)
        {
            // All are at work again before the account goes: two outages in one are longer than the store bridges.
            var before = rounds.ToArray();
            await WaitUntilAsync(() => workers.Exists(worker => worker.IsCompleted) || rounds.Zip(before).All(pair => pair.First > pair.Second));
            await azurite.RestartAsync();
        }

        await done.CancelAsync();
        var all = (await Task.WhenAll(workers)).SelectMany(stored => stored).ToList();

        var third = bench.Store("third");
        foreach (var (reference, content) in all)
        {
            Assert.Equal(content, await BlobBench.ReadAsync(third, reference));
        }

        Assert.Equal(all.Count, (await bench.BlobNamesAsync()).Count);
        Assert.NotEmpty(all);
    }

    [AzuriteFact]
    public async Task An_account_that_stays_away_is_told_as_something_to_try_again()
    {
        await using var azurite = await AzuriteServer.StartAsync();
        using var bench = await BlobBench.CreateAsync(azurite.ConnectionString, "media");
        var store = bench.Store("one", BlobBench.Impatient);
        await azurite.StopAsync();

        var write = await Assert.ThrowsAsync<MediaStoreException>(() => BlobBench.StoreAsync(store, Clip));
        var read = await Assert.ThrowsAsync<MediaStoreException>(() => store.OpenLocalAsync(new MediaRef(new string('a', 64), 5), CancellationToken.None));
        var prepare = await Assert.ThrowsAsync<MediaStoreException>(() => store.PrepareAsync(CancellationToken.None));

        Assert.All([write, read, prepare], error => Assert.True(error.Retryable));
        Assert.All([write, read, prepare], error => Assert.DoesNotContain('\n', error.Message));
        Assert.Contains("cannot fetch " + new string('a', 64), read.Message);
        Assert.Empty(bench.Unfinished("one"));
    }

    [AzuriteFact]
    public async Task An_account_that_says_no_is_told_as_something_to_mend_without_the_key()
    {
        await using var azurite = await AzuriteServer.StartAsync();
        using var bench = await BlobBench.CreateAsync(azurite.ConnectionString, "media");
        var key = azurite.ConnectionString.Split("AccountKey=")[1].Split(';')[0];
        var wrong = Convert.ToBase64String(Encoding.ASCII.GetBytes("another key of that length, or so"));
        var refused = bench.Store("one", BlobBench.Impatient, azurite.ConnectionString.Replace(key, wrong, StringComparison.Ordinal));
        var nowhere = bench.Store("one", BlobBench.Impatient, container: "elsewhere");

        var no = await Assert.ThrowsAsync<MediaStoreException>(() => BlobBench.StoreAsync(refused, Clip));
        var missing = await Assert.ThrowsAsync<MediaStoreException>(() => BlobBench.StoreAsync(nowhere, Clip));
        var missingToo = await Assert.ThrowsAsync<MediaStoreException>(() => nowhere.OpenLocalAsync(new MediaRef(new string('a', 64), 5), CancellationToken.None));

        Assert.All([no, missing, missingToo], error => Assert.False(error.Retryable));
        Assert.Contains("Check its key", no.Message);
        Assert.All([missing, missingToo], error => Assert.Contains("no container elsewhere", error.Message));
        Assert.DoesNotContain(wrong, no.ToString());

        await nowhere.PrepareAsync(CancellationToken.None);
        await nowhere.PrepareAsync(CancellationToken.None);
        Assert.Equal(Clip.Length, (await BlobBench.StoreAsync(nowhere, Clip)).Length);
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(20);
        }
    }
}
