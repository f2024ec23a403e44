using MedGenCluster.Curation.Media;

namespace MedGenCluster.AzureStorage.Tests.Media;

/// <summary>How an account may be written.</summary>
public sealed class BlobAccountTests
{
    [Theory]
    [InlineData("medgenmedia", "https://medgenmedia.blob.core.windows.net/media")]
    [InlineData(" medgenmedia\n", "https://medgenmedia.blob.core.windows.net/media")]
    [InlineData("https://medgenmedia.blob.core.chinacloudapi.cn", "https://medgenmedia.blob.core.chinacloudapi.cn/media")]
    [InlineData("https://medgenmedia.blob.core.windows.net/?sv=2024-11-04&sig=abc", "https://medgenmedia.blob.core.windows.net/media")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=medgenmedia;AccountKey=a2V5;EndpointSuffix=core.windows.net", "https://medgenmedia.blob.core.windows.net/media")]
    [InlineData("BlobEndpoint=http://127.0.0.1:10000/medgenmedia;AccountName=medgenmedia;AccountKey=a2V5", "http://127.0.0.1:10000/medgenmedia/media")]
    public void A_name_an_address_and_a_connection_string_lead_to_the_container(string account, string address)
    {
        Assert.Equal(address, BlobAccount.Container(account, "media", new BlobMediaStoreOptions()).Uri.GetLeftPart(UriPartial.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Medgen-Media")]
    [InlineData("ftp://secret.example.org")]
    [InlineData("http://secret.example.org")]
    [InlineData("AccountKey=c2VjcmV0")]
    [InlineData("AccountName=medgenmedia;AccountKey=secret not base64")]
    public void What_is_no_account_is_refused_without_being_repeated(string account)
    {
        var error = Assert.Throws<MediaStoreException>(() => BlobAccount.Container(account, "media", new BlobMediaStoreOptions()));

        Assert.False(error.Retryable);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("c2VjcmV0", error.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("Media")]
    [InlineData("-media")]
    [InlineData("media-")]
    [InlineData("me--dia")]
    [InlineData("me/dia")]
    public void What_is_no_container_is_refused_by_name(string container)
    {
        var error = Assert.Throws<MediaStoreException>(() => BlobAccount.Container("medgenmedia", container, new BlobMediaStoreOptions()));

        Assert.Contains($"'{container}'", error.Message);
    }
}
