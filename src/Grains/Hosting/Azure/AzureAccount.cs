using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using MedGenCluster.Engine.Clustering;

namespace MedGenCluster.Grains.Hosting.Azure;

/// <summary>The clients of one storage account.</summary>
/// <param name="Tables">Membership and reminders.</param>
/// <param name="Blobs">Grain state.</param>
internal sealed record AzureAccount(TableServiceClient Tables, BlobServiceClient Blobs)
{
    /// <param name="account">A connection string; or an account's name, or the address of its blobs, used with the process's identity
    /// (managed identity, workload identity or a developer's login).</param>
    /// <exception cref="ClusterException">It is none of these.</exception>
    public static AzureAccount Open(string account)
    {
        if (Addresses(account) is { } addresses)
        {
            var credential = new DefaultAzureCredential();
            return new AzureAccount(new TableServiceClient(addresses.Tables, credential), new BlobServiceClient(addresses.Blobs, credential));
        }

        try
        {
            return new AzureAccount(new TableServiceClient(account), new BlobServiceClient(account));
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidOperationException)
        {
            // The text may hold a key and is not repeated.
            throw new ClusterException("The Azure storage account cannot be read; give a connection string, the account's name, or the address of its blobs.", exception);
        }
    }

    /// <summary>The services' addresses of an account that is given by name or by the address of its blobs; null for a connection string.</summary>
    internal static (Uri Blobs, Uri Tables)? Addresses(string account)
    {
        if (account.Length is >= 3 and <= 24 && account.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter)))
        {
            return (new Uri($"https://{account}.blob.core.windows.net"), new Uri($"https://{account}.table.core.windows.net"));
        }

        if (!Uri.TryCreate(account, UriKind.Absolute, out var blobs) || blobs.Scheme != Uri.UriSchemeHttps)
        {
            return null;
        }

        const string Blob = ".blob.";
        var at = blobs.Host.IndexOf(Blob, StringComparison.Ordinal);
        return at > 0
            ? (new Uri($"https://{blobs.Host}"), new Uri($"https://{blobs.Host[..at]}.table.{blobs.Host[(at + Blob.Length)..]}"))
            : throw new ClusterException($"{blobs.Host} is not the address of an Azure storage account's blobs, for example https://account.blob.core.windows.net.");
    }
}
