namespace MedGenCluster.Curation.Processes;

/// <summary>The one place where external programs (ffmpeg, ffprobe, tesseract, ...) are started.</summary>
public interface IProcessRunner
{
    /// <summary>Runs a program to its end. Standard output is given to <paramref name="output"/> as a stream while it runs, or collected as text
    /// (bounded) when that is null. Never throws for what the program does; cancellation kills the whole process tree and throws.</summary>
    Task<ProcessResult> RunAsync(ProcessSpec spec, Func<Stream, CancellationToken, Task>? output, CancellationToken cancellationToken);
}

/// <summary>What to run. Arguments are passed as they are; no shell is involved.</summary>
/// <param name="IdleLimit">Killed when neither output nor reported progress (CPU time of the process tree) has moved for this long: a watchdog of progress, not of wall time.</param>
/// <param name="TimeLimit">Killed after this long in any case; null for none.</param>
/// <param name="MemoryLimitBytes">Address-space limit where the system offers one; null for none.</param>
/// <param name="WorkingDirectory">An existing folder where the program starts; null for this process's own.</param>
public sealed record ProcessSpec(
    string FileName,
    IReadOnlyList<string> Arguments,
    TimeSpan? IdleLimit = null,
    TimeSpan? TimeLimit = null,
    long? MemoryLimitBytes = null,
    IReadOnlyDictionary<string, string>? Environment = null,
    string? StandardInput = null,
    string? WorkingDirectory = null);

public enum ProcessEnd
{
    Exited,
    NotFound,
    StoppedMakingProgress,
    OutOfTime,

    /// <summary>The consumer of standard output had enough and closed it.</summary>
    OutputClosed,
}

/// <param name="Output">Collected standard output (empty when it was streamed).</param>
/// <param name="ErrorTail">The last lines of standard error, at most 4 KiB.</param>
/// <param name="CpuTime">User and system time of the process where the system tells, for accounting.</param>
public sealed record ProcessResult(ProcessEnd End, int ExitCode, string Output, string ErrorTail, TimeSpan CpuTime)
{
    public bool Succeeded => End == ProcessEnd.Exited && ExitCode == 0;
}
