using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace MedGenCluster.Curation.Processes;

/// <summary>Starts programs of the operating system. Each run has a thread for standard error and one for the consumer of standard output:
/// pipes of child processes have no asynchronous reads on Unix, and blocking pool threads instead would starve everything else.</summary>
public sealed class ProcessRunner(TimeProvider time, ProcessAccounting accounting) : IProcessRunner
{
    private const int ErrorTailBytes = 4096;
    private const int CollectedOutputBytes = 16 << 20;

    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);
    private static readonly Lazy<string?> MemoryLimiter = new(() => OperatingSystem.IsLinux() ? ProgramPath.Find("prlimit") : null);

    public async Task<ProcessResult> RunAsync(ProcessSpec spec, Func<Stream, CancellationToken, Task>? output, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var started = Start(spec);
        if (started is not { } process)
            return new ProcessResult(ProcessEnd.NotFound, -1, "", $"The program '{spec.FileName}' was not found on this machine.", TimeSpan.Zero);

        using (process)
        {
            var stdout = new ProgressStream(process.StandardOutput.BaseStream);
            var progress = new Watch(process, stdout, spec, time);
            string collected = "";
            var errors = OnOwnThread(() => BoundedText.Tail(process.StandardError.BaseStream, ErrorTailBytes, progress.CountErrorBytes));
            var input = spec.StandardInput is { } text ? OnOwnThread(() => WriteInput(process, text)) : null;
            var consumer = OnOwnThread(() =>
            {
                if (output is null)
                    collected = BoundedText.Head(stdout, CollectedOutputBytes);
                else
                    output(stdout, cancellationToken).GetAwaiter().GetResult();
                return "";
            });
            await using var cancelled = cancellationToken.Register(() => ProcessTree.Kill(process));

            var exited = process.WaitForExitAsync(CancellationToken.None);
            var end = await progress.UntilAsync(exited, consumer).ConfigureAwait(false);
            if (end != ProcessEnd.Exited)
                ProcessTree.Kill(process);
            await exited.ConfigureAwait(false);
            var cpu = ChildCpuClock.Book(process);
            accounting.Add(spec.FileName, cpu);

            await Task.WhenAny(errors, Task.Delay(DrainLimit, time, CancellationToken.None)).ConfigureAwait(false);
            await Task.WhenAny(consumer).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            await consumer.ConfigureAwait(false);
            if (input is not null)
                await input.ConfigureAwait(false);
            return new ProcessResult(end, process.ExitCode, collected, errors.IsCompletedSuccessfully ? await errors.ConfigureAwait(false) : "", cpu);
        }
    }

    private static Process? Start(ProcessSpec spec)
    {
        if (ProgramPath.Find(spec.FileName) is not { } program)
            return null;
        var info = new ProcessStartInfo
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            WorkingDirectory = spec.WorkingDirectory ?? "",
        };
        if (spec.MemoryLimitBytes is { } limit && MemoryLimiter.Value is { } limiter)
        {
            info.FileName = limiter;
            info.ArgumentList.Add("--as=" + limit.ToString(CultureInfo.InvariantCulture));
            info.ArgumentList.Add("--");
            info.ArgumentList.Add(program);
        }
        else
        {
            info.FileName = program;
        }

        foreach (var argument in spec.Arguments)
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in spec.Environment ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        try
        {
            var process = Process.Start(info);
            if (process is not null && spec.StandardInput is null)
                process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static string WriteInput(Process process, string text)
    {
        try
        {
            process.StandardInput.Write(text);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program did not want all of it.
        }

        return "";
    }

    private static Task<string> OnOwnThread(Func<string> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Watches a run until it ends by itself, is done with, or must be ended.</summary>
    private sealed class Watch(Process process, ProgressStream stdout, ProcessSpec spec, TimeProvider time)
    {
        private long _errorBytes;

        public void CountErrorBytes(int count) => Interlocked.Add(ref _errorBytes, count);

        public async Task<ProcessEnd> UntilAsync(Task exited, Task consumer)
        {
            long begun = time.GetTimestamp();
            long movedAt = begun;
            var seen = (0L, 0L, 0L);
            while (true)
            {
                var due = Task.Delay(Interval(), time, CancellationToken.None);
                await Task.WhenAny(exited, consumer.IsCompleted ? exited : consumer, due).ConfigureAwait(false);
                if (exited.IsCompleted)
                {
                    // What a program that has exited left in its pipe still belongs to the consumer.
                    await Task.WhenAny(consumer).ConfigureAwait(false);
                    return stdout.Ended ? ProcessEnd.Exited : ProcessEnd.OutputClosed;
                }

                if (consumer.IsCompleted && !stdout.Ended)
                    return ProcessEnd.OutputClosed;
                if (spec.TimeLimit is { } limit && time.GetElapsedTime(begun) >= limit)
                    return ProcessEnd.OutOfTime;
                if (spec.IdleLimit is not { } idle)
                    continue;

                var now = (stdout.BytesRead, Interlocked.Read(ref _errorBytes), ProcessTree.CpuTicks(process.Id));
                bool consumerIsBusy = !consumer.IsCompleted && !stdout.ConsumerWaits && !stdout.Ended;
                if (now != seen || consumerIsBusy)
                    (seen, movedAt) = (now, time.GetTimestamp());
                else if (time.GetElapsedTime(movedAt) >= idle)
                    return ProcessEnd.StoppedMakingProgress;
            }
        }

        private TimeSpan Interval()
        {
            var shortest = new[] { spec.IdleLimit / 8, spec.TimeLimit / 8, TimeSpan.FromSeconds(1) }.Min() ?? TimeSpan.FromSeconds(1);
            return shortest < TimeSpan.FromMilliseconds(20) ? TimeSpan.FromMilliseconds(20) : shortest;
        }
    }
}
