using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine;

/// <summary>The folder that holds one cluster's state: <c>ledger.db</c>, <c>media/</c>, <c>downloads/</c>, <c>tmp/</c> and the lock of the engine that works on it.</summary>
public sealed class DataDirectory
{
    private DataDirectory(string root) => Root = root;

    public string Root { get; }

    public string LedgerPath => Path.Combine(Root, "ledger.db");

    public string MediaPath => Path.Combine(Root, "media");

    /// <summary>Source videos that were fetched from a network, each in a folder of its own.</summary>
    public string DownloadsPath => Path.Combine(Root, "downloads");

    public string TemporaryPath => Path.Combine(Root, "tmp");

    /// <summary>Touched by a command that left work for the engine of another process.</summary>
    public string WakePath => Path.Combine(Root, "wake");

    /// <summary>Creates the folder where it is missing.</summary>
    /// <exception cref="LedgerException">It cannot be created or written.</exception>
    public static DataDirectory Open(string root)
    {
        var directory = new DataDirectory(Path.GetFullPath(root));
        try
        {
            Directory.CreateDirectory(directory.MediaPath);
            Directory.CreateDirectory(directory.TemporaryPath);
            var probe = Path.Combine(directory.TemporaryPath, ".writable");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LedgerException(
                $"The data directory {directory.Root} cannot be written: {exception.Message} Make it writable or name another with --data.", exception);
        }

        return directory;
    }

    /// <summary>Takes the engine's exclusive lock, or answers null where another process holds it. The system frees it when the holder dies, however it dies.</summary>
    public IDisposable? TryLock()
    {
        try
        {
            return new FileStream(Path.Combine(Root, "engine.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Free bytes on the folder's file system.</summary>
    public long FreeBytes() => new DriveInfo(Root).AvailableFreeSpace;
}
