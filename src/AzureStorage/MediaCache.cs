using MedGenCluster.Curation.Domain;

namespace MedGenCluster.AzureStorage;

/// <summary>Copies of blobs under a limit of bytes, the least recently used first out. Safe for many readers and for several processes on one folder.</summary>
/// <param name="folder">Its own folder; files are <c>ab/abcdef....mp4</c>. Their modification time is when they were last asked for.</param>
/// <param name="limit">Bytes. Exceeded only by what was asked for within <paramref name="grace"/>, and by a sixteenth between two counts.</param>
internal sealed class MediaCache(string folder, long limit, TimeSpan grace, TimeProvider time)
{
    private readonly Lock _trimming = new();
    // Bytes since the folder was last counted; at the start nobody knows how many there are.
    private long _uncounted = long.MaxValue / 2;

    /// <summary>The path of a copy, which stays for the grace time at least; null where there is none.</summary>
    public string? Find(MediaRef reference)
    {
        var path = PathOf(reference.Sha256);
        try
        {
            // The shared lock that comes with the handle keeps the file from being removed before its use is marked.
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            // A copy of another length is what a machine that lost power left; the next download replaces it.
            if (RandomAccess.GetLength(file) != reference.Length)
            {
                return null;
            }

            File.SetLastWriteTimeUtc(file, time.GetUtcNow().UtcDateTime);
            return File.Exists(path) ? path : null;
        }
        catch (IOException)
        {
            // Not there, or being removed at this moment.
            return null;
        }
    }

    /// <summary>Gives a finished file of the same file system its name here; what has the name already is replaced.</summary>
    /// <returns>Its path, which stays for the grace time at least.</returns>
    public string Put(MediaRef reference, string finished)
    {
        var path = PathOf(reference.Sha256);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.SetLastWriteTimeUtc(finished, time.GetUtcNow().UtcDateTime);
        File.Move(finished, path, overwrite: true);
        // Several processes may fill the folder, so each counts it anew after a part of the limit.
        if (Interlocked.Add(ref _uncounted, reference.Length) > limit / 16)
        {
            Trim();
        }

        return path;
    }

    private void Trim()
    {
        lock (_trimming)
        {
            Interlocked.Exchange(ref _uncounted, 0);
            var files = new DirectoryInfo(folder).EnumerateFiles("*.mp4", SearchOption.AllDirectories).Select(file => (file.FullName, file.Length, file.LastWriteTimeUtc)).ToList();
            var total = files.Sum(file => file.Length);
            foreach (var (path, length, _) in files.OrderBy(file => file.LastWriteTimeUtc))
            {
                if (total <= limit)
                {
                    return;
                }

                if (TryRemove(path))
                {
                    total -= length;
                }
            }
        }
    }

    private bool TryRemove(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            if (File.GetLastWriteTimeUtc(file.SafeFileHandle) + grace > time.GetUtcNow().UtcDateTime)
            {
                return false;
            }

            File.Delete(path);
            return true;
        }
        catch (FileNotFoundException)
        {
            // Another process removed it.
            return true;
        }
        catch (IOException)
        {
            // Somebody reads it or marks its use.
            return false;
        }
    }

    private string PathOf(string sha) => Path.Combine(folder, sha[..2], sha + ".mp4");
}
