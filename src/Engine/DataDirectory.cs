using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine;

/// <summary>The folder that holds one cluster's state: <c>ledger.db</c>, <c>media/</c>, <c>downloads/</c>, <c>tmp/</c> and the lock of the engine that works on it.</summary>
public sealed class DataDirectory
{
    private readonly string? _silo;

    private DataDirectory(string root, string? silo) => (Root, _silo) = (root, silo);

    public string Root { get; }

    public string LedgerPath => Path.Combine(Root, "ledger.db");

    public string MediaPath => Path.Combine(Root, "media");

    /// <summary>Source videos that were fetched from a network, each in a folder of its own.</summary>
    public string DownloadsPath => Path.Combine(Root, "downloads");

    /// <summary>Files on their way into the media store, on its file system. Silos that share the folder have one each.</summary>
    public string TemporaryPath => _silo is null ? Path.Combine(Root, "tmp") : Path.Combine(Root, "tmp", _silo);

    /// <summary>Touched by a command that left work for the engine of another process.</summary>
    public string WakePath => Path.Combine(Root, "wake");

    /// <summary>Creates the folder where it is missing.</summary>
    /// <param name="silo">Name of the silo that shares the folder with others; null for a process that has it alone.</param>
    /// <exception cref="LedgerException">It cannot be created or written.</exception>
    public static DataDirectory Open(string root, string? silo = null)
    {
        var directory = new DataDirectory(Path.GetFullPath(root), silo);
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
