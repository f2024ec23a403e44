using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace MedGenCluster.Curation.Processes;

/// <summary>A program that lives as long as its starter wants and is spoken to in lines. It leads a process group of its own where the system has
/// <c>setsid</c>, so that whatever it starts ends with it. Two threads read its pipes (see <see cref="ProcessRunner"/>).</summary>
public sealed class LiveProcess : IAsyncDisposable
{
    /// <summary>Characters of a line at the most; what is longer is cut there.</summary>
    public const int MaxLine = 1 << 20;

    private const int ErrorTailBytes = 8192;
    private const int MaxLinesWaiting = 1024;
    private const int Terminate = 15;
    private const int Killed = 9;

    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly bool _leadsGroup;
    private readonly TimeProvider _time;
    private readonly TailBuffer _errors = new(ErrorTailBytes);
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(MaxLinesWaiting) { SingleWriter = true });
    private readonly Task _reading;
    private readonly Task _readingErrors;
    private readonly SemaphoreSlim _writing = new(1);

    private LiveProcess(Process process, bool leadsGroup, TimeProvider time)
    {
        (_process, _leadsGroup, _time, Id) = (process, leadsGroup, time, process.Id);
        _process.StandardInput.AutoFlush = true;
        _reading = OnOwnThread(ReadLines);
        _readingErrors = OnOwnThread(() => _errors.Read(process.StandardError.BaseStream));
        Ended = EndAsync();
    }

    public int Id { get; }

    /// <summary>What it writes to standard output, line by line; ends when it closes that.</summary>
    public ChannelReader<string> Lines => _lines.Reader;

    /// <summary>Completes with its exit code when it is gone and its standard error is read; 128 and the signal's number where one ended it.</summary>
    public Task<int> Ended { get; }

    /// <summary>The last 8 KiB of what it wrote to standard error so far, from a line's start.</summary>
    public string ErrorTail => _errors.Text;

    /// <param name="spec">Program, arguments, environment and folder; limits and input are not looked at.</param>
    /// <returns>Null where there is no such program.</returns>
    public static LiveProcess? Start(ProcessSpec spec, TimeProvider time)
    {
        if (ProgramPath.Find(spec.FileName) is not { } program)
            return null;
        var leader = OperatingSystem.IsWindows() ? null : ProgramPath.Find("setsid");
        var info = new ProcessStartInfo(leader ?? program)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
            WorkingDirectory = spec.WorkingDirectory ?? "",
        };
        if (leader is not null)
            info.ArgumentList.Add(program);
        foreach (var argument in spec.Arguments)
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in spec.Environment ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        try
        {
            return Process.Start(info) is { } process ? new LiveProcess(process, leader is not null, time) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Writes a line to its standard input.</summary>
    /// <returns>False where it takes none any more.</returns>
    public async Task<bool> WriteLineAsync(string line, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _process.StandardInput.WriteAsync((line + "\n").AsMemory(), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Closes its standard input, asks it to end (SIGTERM to its group) where <paramref name="signal"/>, and kills the group when it has not ended in time.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(TimeSpan patience, bool signal)
    {
        CloseInput();
        if (signal)
            Signal(Terminate);
        await Task.WhenAny(Ended, Task.Delay(patience, _time, CancellationToken.None)).ConfigureAwait(false);
        Kill();
        return await Ended.ConfigureAwait(false);
    }

    /// <summary>Ends it and whatever it started, at once.</summary>
    public void Kill()
    {
        Signal(Killed);
        ProcessTree.Kill(_process);
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Ended.ConfigureAwait(false);
        _lines.Writer.TryComplete();
        await Task.WhenAny(_reading, Task.Delay(DrainLimit, _time, CancellationToken.None)).ConfigureAwait(false);
        _process.Dispose();
        _writing.Dispose();
    }

    private void CloseInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            // It has closed its end.
        }
    }

    private void Signal(int signal)
    {
        // Also after the leader has ended: those it started may live on, and no other group has its number while they do.
        if (_leadsGroup)
            ProcessGroup.Signal(Id, signal);
        else if (signal == Killed)
            ProcessTree.Kill(_process);
        else
            ProcessGroup.SignalOne(Id, signal);
    }

    private async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        var code = _process.ExitCode;
        if (_leadsGroup)
            ProcessGroup.Signal(Id, Killed);
        await Task.WhenAny(_readingErrors, Task.Delay(DrainLimit, _time, CancellationToken.None)).ConfigureAwait(false);
        return code;
    }

    private void ReadLines()
    {
        try
        {
            var line = new StringBuilder();
            var buffer = new char[8192];
            int read;
            while ((read = _process.StandardOutput.Read(buffer, 0, buffer.Length)) > 0)
            {
                foreach (var letter in buffer.AsSpan(0, read))
                {
                    if (letter == '\n')
                    {
                        Give(line.ToString());
                        line.Clear();
                    }
                    else if (line.Length < MaxLine)
                    {
                        line.Append(letter);
                    }
                }
            }

            if (line.Length > 0)
                Give(line.ToString());
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The pipe broke with the process.
        }
        finally
        {
            _lines.Writer.TryComplete();
        }
    }

    private void Give(string line)
    {
        // A consumer that takes nothing holds the program up, as a full pipe does.
        while (!_lines.Writer.TryWrite(line))
        {
            if (!_lines.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
                return;
        }
    }

    private static Task OnOwnThread(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
