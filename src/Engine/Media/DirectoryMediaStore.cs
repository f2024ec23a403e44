using System.Globalization;
using System.Security.Cryptography;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Media;
using MedGenCluster.Curation.Processes;

namespace MedGenCluster.Engine.Media;

/// <summary>Media as files under their SHA-256: <c>media/ab/abcdef....mp4</c>. A file appears under its name only when it is complete and on disk.</summary>
public sealed class DirectoryMediaStore : IMediaStore
{
    private static long _next;

    private readonly string _root;
    private readonly string _temporary;

    /// <param name="temporary">Folder on the same file system; what an earlier process left there is removed.</param>
    public DirectoryMediaStore(string root, string temporary)
    {
        (_root, _temporary) = (root, temporary);
        Directory.CreateDirectory(root);
        Directory.CreateDirectory(temporary);
    }

    /// <summary>Removes what a killed process left behind; only for the holder of the data directory's lock.</summary>
    public void RemoveLeftovers()
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(_temporary).Where(path => !IsLiving(Path.GetFileName(path))))
        {
            try
            {
                if (Directory.Exists(path))
                {
                    Directory.Delete(path, recursive: true);
                }
                else
                {
                    File.Delete(path);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A leftover that cannot be removed is in nobody's way.
            }
        }
    }

    public string NewTemporaryPath(string extension) =>
        Path.Combine(_temporary, $"{Environment.ProcessId}-{Interlocked.Increment(ref _next)}{extension}");

    public async Task<MediaRef> AdoptAsync(string temporaryPath, CancellationToken cancellationToken)
    {
        string sha;
        long length;
        await using (var file = new FileStream(temporaryPath, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan))
        {
            sha = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false));
            length = file.Length;
            file.Flush(flushToDisk: true);
        }

        var target = PathOf(sha);
        if (File.Exists(target) && new FileInfo(target).Length == length)
        {
            File.Delete(temporaryPath);
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(temporaryPath, target, overwrite: true);
        }

        return new MediaRef(sha, length);
    }

    public Task<string> OpenLocalAsync(MediaRef reference, CancellationToken cancellationToken)
    {
        var path = PathOf(reference.Sha256);
        return File.Exists(path)
            ? Task.FromResult(path)
            : throw new FileNotFoundException($"The media store has lost {reference.Sha256}; put the media folder back from a copy, then `medgen retry`.", path);
    }

    /// <summary>Whether another process that still lives made a temporary file: a command that generates or trains works beside the holder of the lock.</summary>
    private static bool IsLiving(string name) =>
        int.TryParse(name.Split('-')[0], CultureInfo.InvariantCulture, out var process) && process != Environment.ProcessId && ProcessGroup.StartOf(process) is not null;

    private string PathOf(string sha) => Path.Combine(_root, sha[..2], sha + ".mp4");
}
