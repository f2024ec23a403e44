using MedGenCluster.AzureStorage.Tests.Services;
using MedGenCluster.AzureStorage.Tests.Support;
using MedGenCluster.Engine;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Media;

namespace MedGenCluster.AzureStorage.Tests.Media;

/// <summary>The store that a configuration names.</summary>
public sealed class MediaStoresTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-stores-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [AzuriteFact]
    public async Task A_media_container_means_Azure_Blob_Storage()
    {
        var settings = new ClusterSettings { AzureStorage = azurite.Server!.ConnectionString, MediaContainer = "configured" };
        using var store = Assert.IsType<BlobMediaStore>(MediaStores.Open(settings, DataDirectory.Open(_folder), TimeProvider.System));

        await MediaStores.PrepareAsync(store, CancellationToken.None);
        var reference = await BlobBench.StoreAsync(store, [1, 2, 3]);

        Assert.StartsWith(Path.Combine(_folder, "media-cache"), await store.OpenLocalAsync(reference, CancellationToken.None));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder, "media")));
    }

    [Fact]
    public async Task None_means_the_data_directory()
    {
        var store = MediaStores.Open(new ClusterSettings(), DataDirectory.Open(_folder), TimeProvider.System);

        Assert.IsType<DirectoryMediaStore>(store);
        await MediaStores.PrepareAsync(store, CancellationToken.None);
    }

    [Fact]
    public void A_container_that_cannot_be_used_is_an_error_of_the_configuration()
    {
        var data = DataDirectory.Open(_folder);

        Assert.Contains("'Media'", Assert.Throws<ClusterException>(() => MediaStores.Open(new ClusterSettings { AzureStorage = "medgenmedia", MediaContainer = "Media" }, data, TimeProvider.System)).Message);
        Assert.Contains("MEDGEN_AZURE_STORAGE", Assert.Throws<ClusterException>(() => MediaStores.Open(new ClusterSettings { MediaContainer = "media" }, data, TimeProvider.System)).Message);
    }
}
