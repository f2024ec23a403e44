using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using MedGenCluster.Curation.Media;

namespace MedGenCluster.AzureStorage;

/// <summary>An Azure storage account as it is written in a configuration. No message repeats it, for it may hold a key.</summary>
internal static partial class BlobAccount
{
    private const string Forms =
        "it must be a connection string (AccountName=...;AccountKey=...), an account's name, or the address of its blobs (https://NAME.blob.core.windows.net), the last two used with this process's managed or workload identity";

    /// <param name="account">A connection string, a name or an endpoint, whose query may hold a shared access signature.</param>
    /// <exception cref="MediaStoreException">The account or the container's name cannot be used.</exception>
    public static BlobContainerClient Container(string account, string container, BlobMediaStoreOptions options)
    {
        if (!ContainerName().IsMatch(container) || container.Contains("--", StringComparison.Ordinal))
        {
            throw new MediaStoreException(
                $"The media container is '{container}'; its name must be 3 to 63 lower-case letters, digits and single hyphens, and begin and end with a letter or digit.", retryable: false);
        }

        account = account.Trim();
        var client = ClientOptions(options);
        if (AccountName().IsMatch(account))
        {
            return WithIdentity(new Uri($"https://{account}.blob.core.windows.net"), container, client);
        }

        if (Uri.TryCreate(account, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "https" or "http")
        {
            if (endpoint.Query.Length > 1)
            {
                return new BlobServiceClient(endpoint, client).GetBlobContainerClient(container);
            }

            return endpoint.Scheme == "https"
                ? WithIdentity(endpoint, container, client)
                : throw new MediaStoreException("The address of the Azure storage account begins with http; an identity is sent over https alone.", retryable: false);
        }

        try
        {
            return new BlobContainerClient(account, container, client);
        }
        catch (Exception error) when (error is FormatException or ArgumentException or InvalidOperationException)
        {
            // The library's own message may repeat a part of the string.
            throw new MediaStoreException($"The Azure storage account cannot be read; {Forms}.", retryable: false);
        }
    }

    private static BlobContainerClient WithIdentity(Uri endpoint, string container, BlobClientOptions client) =>
        new BlobServiceClient(endpoint, new DefaultAzureCredential(), client).GetBlobContainerClient(container);

    private static BlobClientOptions ClientOptions(BlobMediaStoreOptions options) => new()
    {
        Retry =
        {
            Mode = RetryMode.Exponential,
            MaxRetries = options.Retries,
            Delay = options.FirstWait,
            MaxDelay = options.LongestWait,
            NetworkTimeout = options.RequestLimit,
        },
        // Request headers are in our own failures where they matter.
        Diagnostics = { IsLoggingEnabled = false, IsTelemetryEnabled = false },
    };

    [GeneratedRegex("^[a-z0-9]{3,24}$")]
    private static partial Regex AccountName();

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]
    private static partial Regex ContainerName();
}
