using System.Globalization;
using System.Runtime.InteropServices;

namespace MedGenCluster.Curation.Processes;

/// <summary>Signals to process groups, and telling a process from a later one with its number.</summary>
public static partial class ProcessGroup
{
    private const int Killed = 9;

    /// <summary>Kills a group that an earlier run of this program started and that outlived it.</summary>
    /// <param name="leader">Number of the group's leader.</param>
    /// <param name="startedAt">What <see cref="StartOf"/> said of the leader then.</param>
    /// <returns>False where the leader is gone: its number may be another's by now.</returns>
    public static bool KillLeftover(int leader, long startedAt)
    {
        if (StartOf(leader) != startedAt)
            return false;
        Signal(leader, Killed);
        return true;
    }

    /// <summary>When a process started, in kernel clock ticks since the machine did; null where there is none, or the system does not tell.</summary>
    public static long? StartOf(int process)
    {
        try
        {
            // Field 22 of /proc/<pid>/stat, counted after the name, which may hold blanks and brackets.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields[0] == "Z" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static void Signal(int group, int signal) => SignalOne(-group, signal);

    internal static void SignalOne(int process, int signal)
    {
        if (!OperatingSystem.IsWindows())
            _ = Send(process, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
