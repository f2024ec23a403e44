using System.Runtime.InteropServices;

namespace MedGenCluster.Engine.Export;

/// <summary>The two ways in which an export puts a file into its folder.</summary>
public interface IExportFiles
{
    /// <summary>Gives a file a second name; false where the file system cannot (another volume, too many links, not supported).</summary>
    bool TryHardLink(string existingPath, string newPath);

    /// <summary>Creates a file that does not exist yet.</summary>
    /// <exception cref="IOException">The volume is full, or the file exists.</exception>
    Stream Create(string path);

    /// <summary>Makes a created file's bytes survive a loss of power.</summary>
    void Persist(Stream file);
}

/// <summary>The file system of this machine.</summary>
/// <param name="durable">False leaves it to the system when bytes reach the disk.</param>
public sealed class ExportFiles(bool durable = true) : IExportFiles
{
    public static readonly ExportFiles Local = new();

    public bool TryHardLink(string existingPath, string newPath)
    {
        // link(2) would give a second name to a symbolic link itself.
        var source = File.ResolveLinkTarget(existingPath, returnFinalTarget: true)?.FullName ?? existingPath;
        return OperatingSystem.IsWindows()
            ? CreateHardLink(newPath, source, 0)
            : Link(source, newPath) == 0;
    }

    public Stream Create(string path) => new FileStream(path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 1 << 16, Options = FileOptions.Asynchronous,
    });

    public void Persist(Stream file)
    {
        if (durable && file is FileStream stream)
            stream.Flush(flushToDisk: true);
    }

    /// <summary>Whether an exception says that the volume or the quota is full (ENOSPC, EDQUOT; ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL).</summary>
    public static bool IsDiskFull(IOException exception) => OperatingSystem.IsWindows()
        ? exception.HResult is unchecked((int)0x80070070) or unchecked((int)0x80070027)
        : exception.HResult is 28 or 122;

    [DllImport("libc", EntryPoint = "link")]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("kernel32.dll", EntryPoint = "CreateHardLinkW", CharSet = CharSet.Unicode)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool CreateHardLink(string name, string existing, nint securityAttributes);
}
