namespace MedGenCluster.Curation.Processes;

/// <summary>Finds programs as a shell would, so that a missing one is a value and not an exception of the runtime.</summary>
internal static class ProgramPath
{
    /// <summary>Absolute path of an executable file, or null.</summary>
    public static string? Find(string name)
    {
        if (name.Contains('/') || name.Contains(Path.DirectorySeparatorChar))
            return IsExecutable(name) ? Path.GetFullPath(name) : null;
        var folders = (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ""] : [""];
        return (from folder in folders
                from ending in endings
                let path = Path.Combine(folder, name + ending)
                where IsExecutable(path)
                select path).FirstOrDefault();
    }

    private static bool IsExecutable(string path) =>
        File.Exists(path)
        && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
