using Azure.Storage.Blobs;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Services;

namespace MedGenCluster.AzureStorage.Tests.Support;

/// <summary>One Azurite for a class of tests, null where there is none.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private int _containers;

    public AzuriteServer? Server { get; private set; }

    public async Task InitializeAsync() => Server = AzuriteServer.Missing is null ? await AzuriteServer.StartAsync() : null;

    public async Task DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }

    /// <summary>A container of its own for one test.</summary>
    internal Task<BlobBench> BenchAsync() => BlobBench.CreateAsync(Server!.ConnectionString, $"media-{Interlocked.Increment(ref _containers)}");
}

/// <summary>A container and the processes' folders that stores work in.</summary>
internal sealed class BlobBench : IDisposable
{
    private readonly List<BlobMediaStore> _stores = [];

    private BlobBench(string account, string container) => (Account, Container) = (account, new BlobContainerClient(account, container));

    public string Account { get; }

    /// <summary>The container as an observer sees it, past the store.</summary>
    public BlobContainerClient Container { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("medgen-blobs-").FullName;

    /// <summary>Gives up soon, so that a test of an account that is away is quick.</summary>
    public static BlobMediaStoreOptions Impatient { get; } = new() { Retries = 1, FirstWait = TimeSpan.FromMilliseconds(1), LongestWait = TimeSpan.FromMilliseconds(1) };

    public static async Task<BlobBench> CreateAsync(string account, string container)
    {
        var bench = new BlobBench(account, container);
        await bench.Container.CreateAsync();
        return bench;
    }

    /// <param name="machine">Stores of one machine share a folder.</param>
    public BlobMediaStore Store(string machine, BlobMediaStoreOptions? options = null, string? account = null, string? container = null)
    {
        var store = new BlobMediaStore(account ?? Account, container ?? Container.Name, Path.Combine(Folder, machine), options ?? new BlobMediaStoreOptions(), TimeProvider.System);
        _stores.Add(store);
        return store;
    }

    public static async Task<MediaRef> StoreAsync(BlobMediaStore store, byte[] content, CancellationToken cancellationToken = default)
    {
        var path = store.NewTemporaryPath(".mp4");
        await File.WriteAllBytesAsync(path, content, cancellationToken);
        return await store.AdoptAsync(path, cancellationToken);
    }

    public static async Task<byte[]> ReadAsync(BlobMediaStore store, MediaRef reference) => await File.ReadAllBytesAsync(await store.OpenLocalAsync(reference, CancellationToken.None));

    /// <summary>Bytes that look like nothing else and are the same in each run.</summary>
    public static byte[] Noise(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public async Task<List<string>> BlobNamesAsync()
    {
        var names = new List<string>();
        await foreach (var blob in Container.GetBlobsAsync())
        {
            names.Add(blob.Name);
        }

        return names;
    }

    public BlobClient Blob(MediaRef reference) => Container.GetBlobClient(reference.Sha256 + ".mp4");

    /// <summary>Unfinished files on a machine.</summary>
    public IEnumerable<string> Unfinished(string machine) =>
        Directory.EnumerateFiles(Path.Combine(Folder, machine, "incoming"), "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != ".lock");

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        Directory.Delete(Folder, recursive: true);
    }
}
