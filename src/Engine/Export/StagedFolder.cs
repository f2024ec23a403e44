namespace MedGenCluster.Engine.Export;

/// <summary>A folder that is written beside its target and takes the target's name in one rename. Whatever happens before that, the target
/// is as it was; a crash between the two renames of a replacement is put right by the next export.</summary>
internal sealed class StagedFolder : IDisposable
{
    /// <summary>Files by which a folder is known as an export; without them it is never replaced.</summary>
    private static readonly string[] Marks = [ExportLayout.Checksums, ExportLayout.Report];

    private readonly FileStream _lock;
    private readonly string _target;
    private readonly string _old;
    private bool _committed;

    private StagedFolder(FileStream @lock, string target, string staging, string old) =>
        (_lock, _target, Path, _old) = (@lock, target, staging, old);

    /// <summary>The folder to write into.</summary>
    public string Path { get; }

    /// <summary>Opens a staging folder, or says why the target may not be written.</summary>
    public static (StagedFolder? Folder, ExportError? Error) Open(string targetFolder, bool overwrite)
    {
        var target = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(targetFolder));
        var name = System.IO.Path.GetFileName(target);
        if (System.IO.Path.GetDirectoryName(target) is not { } parent || name.Length == 0)
            return (null, new(ExportErrorKind.TargetUnwritable, $"'{target}' is the root of a volume."));
        Directory.CreateDirectory(parent);

        FileStream @lock;
        try
        {
            @lock = new FileStream(Sibling("lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (e is not DirectoryNotFoundException and not PathTooLongException && !ExportFiles.IsDiskFull(e))
        {
            return (null, new(ExportErrorKind.Busy, $"Another export is writing to '{target}' ({e.Message})"));
        }

        try
        {
            var (staging, old) = (Sibling("partial"), Sibling("old"));
            if (Directory.Exists(old) && !Directory.Exists(target))
                Directory.Move(old, target);
            if (Refusal(target, overwrite) is { } refusal)
            {
                @lock.Dispose();
                return (null, new(ExportErrorKind.TargetExists, refusal));
            }

            DeleteIfThere(old);
            DeleteIfThere(staging);
            Directory.CreateDirectory(staging);
            return (new StagedFolder(@lock, target, staging, old), null);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }

        string Sibling(string role) => System.IO.Path.Combine(parent, $".{name}.export-{role}");
    }

    /// <summary>Gives the folder its name.</summary>
    public void Commit()
    {
        var replaces = Directory.Exists(_target);
        if (replaces)
            Directory.Move(_target, _old);
        try
        {
            Directory.Move(Path, _target);
        }
        catch when (replaces)
        {
            Directory.Move(_old, _target);
            throw;
        }

        _committed = true;
        TryDelete(_old);
    }

    public void Dispose()
    {
        if (!_committed)
            TryDelete(Path);
        _lock.Dispose();
    }

    private static string? Refusal(string target, bool overwrite)
    {
        if (File.Exists(target))
            return $"'{target}' is a file.";
        if (!Directory.Exists(target))
            return null;
        if (!overwrite)
            return $"'{target}' exists; ask for an overwrite to replace it.";
        if (new DirectoryInfo(target).LinkTarget is not null)
            return $"'{target}' is a symbolic link; name the folder itself.";
        return Directory.EnumerateFileSystemEntries(target).Any() && !Marks.All(mark => File.Exists(System.IO.Path.Combine(target, mark)))
            ? $"'{target}' is no earlier export and is not replaced."
            : null;
    }

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    // What cannot be removed now is removed by the next export to the same target.
    private static void TryDelete(string folder)
    {
        try
        {
            DeleteIfThere(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
