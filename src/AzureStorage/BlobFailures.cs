using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;
using MedGenCluster.Curation.Media;

namespace MedGenCluster.AzureStorage;

/// <summary>Tells from what the client library throws, after all its tries, whether trying again later can help.</summary>
internal static class BlobFailures
{
    /// <param name="what">The deed, to be read after "cannot", for example <c>store abc</c>.</param>
    /// <returns>Null for a cancellation that was asked for, and for what is a surprise.</returns>
    public static MediaStoreException? Of(Exception error, string what, string container, CancellationToken cancellationToken)
    {
        // A request that was given up after all tries holds one failure for each; the last tells how things stand now.
        var cause = error is AggregateException { InnerExceptions: [.., var last] } ? last : error;
        return cause switch
        {
            OperationCanceledException => cancellationToken.IsCancellationRequested ? null : Away("the account does not answer in time"),
            AuthenticationFailedException => new MediaStoreException(
                $"Azure Blob Storage cannot {what}: this process has no identity that Azure accepts. Give it a managed or workload identity, or configure a connection string. {First(cause)}", retryable: false, error),
            RequestFailedException { ErrorCode: { } code } refused when code == BlobErrorCode.ContainerNotFound => new MediaStoreException(
                $"Azure Blob Storage cannot {what}: there is no container {container}. Make it with `medgen cluster init`.", retryable: false, refused),
            RequestFailedException { Status: 401 or 403 } refused => new MediaStoreException(
                $"Azure Blob Storage cannot {what}: the account refuses this process ({refused.ErrorCode ?? First(refused)}). Check its key, or give its identity the role Storage Blob Data Contributor on the container {container}.",
                retryable: false, refused),
            RequestFailedException { Status: 0 or 408 or 429 or >= 500 } refused => Away(refused.ErrorCode ?? First(refused)),
            RequestFailedException refused => new MediaStoreException($"Azure Blob Storage cannot {what}: {refused.ErrorCode ?? First(refused)} (status {refused.Status}).", retryable: false, refused),
            HttpRequestException or IOException { InnerException: not null } or TimeoutException => Away(First(cause)),
            _ => null,
        };

        MediaStoreException Away(string why) => new($"Azure Blob Storage cannot {what} now: {why}. Work on it goes on by itself when the account answers again.", retryable: true, error);
    }

    // The rest of such a message is the exchange's headers.
    private static string First(Exception error) => error.Message.Split('\n', 2)[0].TrimEnd('\r', '.', ' ');
}
