using System.Security.Cryptography;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Media;

namespace MedGenCluster.AzureStorage;

/// <summary>Media as blobs under their SHA-256, with copies of what is used here in a local cache. README.md states what holds.</summary>
public sealed class BlobMediaStore : IRemoteMediaStore
{
    private const int BlockBytes = 4 << 20;
    private const int Buffer = 1 << 16;

    private readonly BlobContainerClient _container;
    private readonly MediaCache _cache;
    private readonly IncomingFolder _incoming;
    // Those who want the same blob at the same time share one download; others meet by chance and wait a little.
    private readonly SemaphoreSlim[] _downloads = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <param name="account">Connection string, name or blob endpoint of the account; the last two with the process's identity.</param>
    /// <param name="container">Holds the media; made by <see cref="PrepareAsync"/>.</param>
    /// <param name="folder">For the local copies and unfinished files of this and other processes.</param>
    /// <param name="cacheBytes">Limit of the copies, bytes.</param>
    /// <exception cref="MediaStoreException">The account or container's name cannot be used.</exception>
    public BlobMediaStore(string account, string container, string folder, long cacheBytes, TimeProvider time)
        : this(account, container, folder, new BlobMediaStoreOptions { CacheBytes = cacheBytes }, time)
    {
    }

    public BlobMediaStore(string account, string container, string folder, BlobMediaStoreOptions options, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CacheBytes, 1);
        _container = BlobAccount.Container(account, container, options);
        var copies = Path.Combine(folder, "copies");
        Directory.CreateDirectory(copies);
        _cache = new MediaCache(copies, options.CacheBytes, options.CacheGrace, time);
        _incoming = IncomingFolder.Take(Path.Combine(folder, "incoming"));
    }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _container.CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (Translate(error, $"make the container {_container.Name}", cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    public string NewTemporaryPath(string extension) => _incoming.NewPath(extension);

    public async Task<MediaRef> AdoptAsync(string temporaryPath, CancellationToken cancellationToken)
    {
        try
        {
            MediaRef reference;
            await using (var file = new FileStream(temporaryPath, FileMode.Open, FileAccess.Read, FileShare.Read, Buffer, FileOptions.Asynchronous | FileOptions.SequentialScan))
            {
                reference = new MediaRef(Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false)), file.Length);
                file.Position = 0;
                await UploadAsync(reference, file, cancellationToken).ConfigureAwait(false);
            }

            _cache.Put(reference, temporaryPath);
            return reference;
        }
        catch
        {
            // Whoever made the file makes another one for the next try.
            File.Delete(temporaryPath);
            throw;
        }
    }

    public async Task<string> OpenLocalAsync(MediaRef reference, CancellationToken cancellationToken)
    {
        if (_cache.Find(reference) is { } path)
        {
            return path;
        }

        var turn = _downloads[Convert.FromHexString(reference.Sha256.AsSpan(0, 2))[0] % _downloads.Length];
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _cache.Find(reference) ?? await DownloadAsync(reference, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => _incoming.Dispose();

    private async Task UploadAsync(MediaRef reference, Stream content, CancellationToken cancellationToken)
    {
        var blob = Blob(reference);
        try
        {
            await blob.UploadAsync(
                content,
                new BlobUploadOptions
                {
                    Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                    HttpHeaders = new BlobHttpHeaders { ContentType = "video/mp4" },
                    TransferOptions = new StorageTransferOptions { InitialTransferSize = BlockBytes, MaximumTransferSize = BlockBytes, MaximumConcurrency = 4 },
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException error) when (IsThereAlready(error))
        {
            await RequireLengthAsync(blob, reference, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (Translate(error, $"store {reference.Sha256}", cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    // A first try that was answered on a broken connection ends here too, and so does the slower of two that store the same blob in blocks.
    private static bool IsThereAlready(RequestFailedException error) =>
        error.ErrorCode is { } code && (code == BlobErrorCode.BlobAlreadyExists || code == BlobErrorCode.ConditionNotMet || code == BlobErrorCode.InvalidBlockList);

    private async Task RequireLengthAsync(BlobClient blob, MediaRef reference, CancellationToken cancellationToken)
    {
        try
        {
            var stored = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value.ContentLength;
            if (stored != reference.Length)
            {
                throw Damaged(reference, $"it has {stored} bytes, not {reference.Length}");
            }
        }
        catch (RequestFailedException error) when (error.ErrorCode is { } code && code == BlobErrorCode.BlobNotFound)
        {
            throw new MediaStoreException($"Another process stores {reference.Sha256} at this moment and took its blocks; this one tries again.", retryable: true, error);
        }
        catch (Exception error) when (Translate(error, $"look at {reference.Sha256}", cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    private async Task<string> DownloadAsync(MediaRef reference, CancellationToken cancellationToken)
    {
        var temporary = _incoming.NewPath(".mp4");
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long length = 0;
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous))
            {
                using var content = (await Blob(reference).DownloadStreamingAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value;
                var buffer = new byte[Buffer];
                while (await content.Content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
                {
                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                    length += read;
                }
            }

            var sha = Convert.ToHexStringLower(hash.GetHashAndReset());
            return sha == reference.Sha256 && length == reference.Length
                ? _cache.Put(reference, temporary)
                : throw Damaged(reference, $"its {length} bytes have the SHA-256 {sha}");
        }
        catch (RequestFailedException error) when (error.Status == 404 && error.ErrorCode != BlobErrorCode.ContainerNotFound)
        {
            throw new FileNotFoundException(
                $"The container {_container.Name} has lost {reference.Sha256}; put the blob back from a copy, then `medgen retry`.", Name(reference));
        }
        catch (Exception error) when (Translate(error, $"fetch {reference.Sha256}", cancellationToken) is { } failure)
        {
            throw failure;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private MediaStoreException Damaged(MediaRef reference, string how) => new(
        $"The blob {Name(reference)} in the container {_container.Name} is not what its name says: {how}. Remove it or put it back from a copy, then `medgen retry`.", retryable: false);

    private MediaStoreException? Translate(Exception error, string what, CancellationToken cancellationToken) => BlobFailures.Of(error, what, _container.Name, cancellationToken);

    private BlobClient Blob(MediaRef reference) => _container.GetBlobClient(Name(reference));

    private static string Name(MediaRef reference) => reference.Sha256 + ".mp4";
}
