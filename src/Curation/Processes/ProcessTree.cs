using System.Diagnostics;
using System.Globalization;

namespace MedGenCluster.Curation.Processes;

/// <summary>Looks at and ends a process with all of its descendants.</summary>
internal static class ProcessTree
{
    /// <summary>CPU time used so far in kernel clock ticks, children included; 0 where the system does not tell.</summary>
    public static long CpuTicks(int processId)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        long ticks = OwnTicks(processId);
        foreach (var child in Children(processId))
            ticks += CpuTicks(child);
        return ticks;
    }

    public static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or AggregateException or System.ComponentModel.Win32Exception)
        {
            // It ended by itself in the meantime.
        }
    }

    // Fields 14 to 17 of /proc/<pid>/stat (utime, stime, cutime, cstime), counted after the name, which may hold blanks and brackets.
    private static long OwnTicks(int processId)
    {
        var stat = ReadOrEmpty($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long ticks = 0;
        for (int i = 11; i <= 14 && i < fields.Length; i++)
            ticks += long.Parse(fields[i], CultureInfo.InvariantCulture);
        return ticks;
    }

    private static int[] Children(int processId) =>
        ReadOrEmpty($"/proc/{processId}/task/{processId}/children")
            .Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture))
            .ToArray();

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
