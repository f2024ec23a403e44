using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Hosting.Azure;

namespace MedGenCluster.Grains.Tests.Hosting.Azure;

public sealed class AzureAccountTests
{
    [Theory]
    [InlineData("medgenstore", "https://medgenstore.blob.core.windows.net/", "https://medgenstore.table.core.windows.net/")]
    [InlineData("https://medgenstore.blob.core.windows.net/", "https://medgenstore.blob.core.windows.net/", "https://medgenstore.table.core.windows.net/")]
    [InlineData("https://medgenstore.blob.core.usgovcloudapi.net", "https://medgenstore.blob.core.usgovcloudapi.net/", "https://medgenstore.table.core.usgovcloudapi.net/")]
    public void A_name_and_an_address_lead_to_blobs_and_tables(string account, string blobs, string tables)
    {
        var open = AzureAccount.Open(account);

        Assert.Equal((blobs, tables), (open.Blobs.Uri.AbsoluteUri, open.Tables.Uri.AbsoluteUri));
    }

    [Fact]
    public void A_connection_string_is_used_as_it_is()
    {
        var open = AzureAccount.Open("DefaultEndpointsProtocol=https;AccountName=medgenstore;AccountKey=aHVzaA==;EndpointSuffix=core.windows.net");

        Assert.Equal("medgenstore", open.Blobs.AccountName);
    }

    [Theory]
    [InlineData("AccountName=medgenstore;AccountKey=hush!")]
    [InlineData("Not An Account hush")]
    [InlineData("https://example.org/hush")]
    public void Anything_else_is_an_error_that_keeps_the_key(string account)
    {
        var error = Assert.Throws<ClusterException>(() => AzureAccount.Open(account));

        Assert.DoesNotContain("hush", error.Message, StringComparison.Ordinal);
    }
}
