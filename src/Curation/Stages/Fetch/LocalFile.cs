using System.Security.Cryptography;

namespace MedGenCluster.Curation.Stages.Fetch;

/// <summary>Media that lies on this machine.</summary>
internal static class LocalFile
{
    /// <summary>The path of a location that names a local file; null for an address.</summary>
    public static string? Path(string location)
    {
        if (!location.Contains("://", StringComparison.Ordinal))
            return System.IO.Path.GetFullPath(location);
        return Uri.TryCreate(location, UriKind.Absolute, out var uri) && uri.IsFile ? uri.LocalPath : null;
    }

    /// <summary>Length and hash, or why there are none.</summary>
    public static async Task<(FetchedFile? File, StageResult.Failed? Failure)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var info = new FileInfo(path);
            if (Directory.Exists(path))
                return Fails($"'{path}' is a folder, not a file.");
            if (!info.Exists)
                return Fails($"The file '{path}' does not exist.");

            // Pipes and devices have no length either; opening one could wait for ever.
            if (new FileInfo(info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path).Length == 0)
                return Fails($"The file '{path}' is empty.");

            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.SequentialScan);
            var hash = await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false);
            return (new FetchedFile(stream.Length, Convert.ToHexStringLower(hash)), null);
        }
        catch (UnauthorizedAccessException)
        {
            return Fails($"The file '{path}' may not be read by this user.");
        }
        catch (IOException error)
        {
            return Fails($"The file '{path}' could not be read: {error.Message}", retryable: true);
        }
    }

    private static (FetchedFile?, StageResult.Failed?) Fails(string reason, bool retryable = false) => (null, new StageResult.Failed(reason, retryable));
}
