using MedGenCluster.Curation.Domain;

namespace MedGenCluster.AzureStorage;

/// <summary>Copies of blobs under a limit of bytes, the least recently used first out. Safe for many readers and for several processes on one folder.</summary>
/// <param name="folder">Its own folder; files are <c>ab/abcdef....mp4</c>. Their modification time is when they were last asked for.</param>
/// <param name="limit">Bytes. Exceeded only by what was asked for within <paramref name="grace"/>, and by a sixteenth between two counts.</param>
internal sealed class MediaCache(string folder, long limit, TimeSpan grace, TimeProvider time)
{
    // Some ten seconds, of which all but the first few turns are sleeps of a millisecond.
    private const int MaxSpins = 10_000;

    private readonly Lock _trimming = new();
    // Bytes since the folder was last counted; at the start nobody knows how many there are.
    private long _uncounted = long.MaxValue / 2;

    /// <summary>The path of a copy, which stays for the grace time at least; null where there is none.</summary>
    public string? Find(MediaRef reference)
    {
        var file = new FileInfo(PathOf(reference.Sha256));
        // A copy of another length is what a machine that lost power left; the next download replaces it.
        if (!file.Exists || file.Length != reference.Length)
        {
            return null;
        }

        using var shared = Hold(file.DirectoryName!, FileShare.Read);
        try
        {
            File.SetLastWriteTimeUtc(file.FullName, time.GetUtcNow().UtcDateTime);
            return file.FullName;
        }
        catch (FileNotFoundException)
        {
            // Removed before we held the lock.
            return null;
        }
    }

    /// <summary>Gives a finished file of the same file system its name here; what has the name already is replaced.</summary>
    /// <returns>Its path, which stays for the grace time at least.</returns>
    public string Put(MediaRef reference, string finished)
    {
        var path = PathOf(reference.Sha256);
        var home = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(home);
        File.SetLastWriteTimeUtc(finished, time.GetUtcNow().UtcDateTime);
        using (Hold(home, FileShare.Read))
        {
            File.Move(finished, path, overwrite: true);
        }

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
            // Whether a file is there and what it is are one look: another process may remove it meanwhile.
            var files = new DirectoryInfo(folder).EnumerateFiles("*.mp4", SearchOption.AllDirectories)
                .Where(file => file.Exists).Select(file => (file.FullName, file.Length, file.LastWriteTimeUtc)).ToList();
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
        if (IsInUse())
        {
            return false;
        }

        using var alone = Hold(Path.GetDirectoryName(path)!, FileShare.None);
        if (IsInUse())
        {
            return false;
        }

        File.Delete(path);
        return true;

        // A file that another process removed has a time long past.
        bool IsInUse() => File.GetLastWriteTimeUtc(path) + grace > time.GetUtcNow().UtcDateTime;
    }

    /// <summary>The lock of a folder, shared by those who mark a use and held alone by who removes a file. Nobody holds it for longer than one such deed.</summary>
    private static FileStream Hold(string home, FileShare share)
    {
        var wait = new SpinWait();
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(home, ".lock"), FileMode.OpenOrCreate, share == FileShare.None ? FileAccess.ReadWrite : FileAccess.Read, share, 0);
            }
            catch (IOException) when (wait.Count < MaxSpins)
            {
                wait.SpinOnce();
            }
        }
    }

    private string PathOf(string sha) => Path.Combine(folder, sha[..2], sha + ".mp4");
}
