namespace MedGenCluster.AzureStorage.Tests.Missing;

/// <summary>What stands for the tests of this project in a build without the packages.</summary>
public sealed class WithoutAzureTests
{
    [Fact(Skip = "Azure.Storage.Blobs or Azure.Identity could not be had when this was built; `medgen setup --force` asks again.")]
    public void Media_are_kept_in_Azure_Blob_Storage()
    {
    }
}
