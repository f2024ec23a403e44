using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MedGenCluster.Curation.Processes;

/// <summary>CPU time of processes that have ended. The runtime reaps children itself, so on Unix the time of a single dead child is gone
/// by the time its exit is known; what stays is the kernel's sum over all reaped children. Each exit takes what the sum has grown by since
/// the last exit was booked: sums over programs are exact, and a single figure is exact unless two children end within the same moment.</summary>
internal static partial class ChildCpuClock
{
    private const int Children = -1;

    private static readonly Lock Gate = new();
    private static TimeSpan _booked = OperatingSystem.IsWindows() ? TimeSpan.Zero : ReapedChildren();

    /// <summary>CPU time of <paramref name="process"/>, which has exited.</summary>
    public static TimeSpan Book(Process process)
    {
        if (OperatingSystem.IsWindows())
            return process.TotalProcessorTime;
        lock (Gate)
        {
            var total = ReapedChildren();
            var spent = total - _booked;
            _booked = total;
            return spent;
        }
    }

    private static TimeSpan ReapedChildren() =>
        GetResourceUsage(Children, out var usage) == 0
            ? TimeSpan.FromSeconds(usage.UserSeconds + usage.SystemSeconds)
                + TimeSpan.FromMicroseconds((usage.UserMicroseconds & uint.MaxValue) + (usage.SystemMicroseconds & uint.MaxValue))
            : TimeSpan.Zero;

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetResourceUsage(int who, out ResourceUsage usage);

    /// <summary>struct rusage: two timevals first, then counters that are not read here.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct ResourceUsage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}
