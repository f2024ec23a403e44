using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Media;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Media;

/// <summary>A build without Azure Blob Storage, as this test's own is. What it does with it is in the tests of AzureStorage.</summary>
public sealed class MediaStoresTests
{
    [Fact]
    public void A_build_without_blobs_says_so_and_what_to_do()
    {
        using var folder = new TemporaryFolder();
        var settings = new ClusterSettings { AzureStorage = "medgenmedia", MediaContainer = "media" };

        var error = Assert.Throws<ClusterException>(() => MediaStores.Open(settings, DataDirectory.Open(folder.Path), TimeProvider.System));

        Assert.Contains("This build has no Azure Blob Storage", error.Message);
        Assert.Contains("--media-container", error.Message);
    }
}
