using System.Diagnostics;

namespace MedGenCluster.ClusterProbe;

/// <summary>A silo of <see cref="ProbeSilo"/>, or another program of this kind, in a process of its own. It ends with this one.</summary>
public sealed class ProbeProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<ProbeLine> _lines = [];
    private readonly Lock _gate = new();
    private readonly Task _reading;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;

    private ProbeProcess(Process process, string name)
    {
        (_process, Name) = (process, name);
        _reading = ReadAsync();
    }

    public string Name { get; }

    /// <summary>Everything that it has said.</summary>
    public IReadOnlyList<ProbeLine> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <param name="settings">Options of a cluster by their names.</param>
    /// <param name="variables">Environment variables.</param>
    public static ProbeProcess Start(string name, IEnumerable<(string Option, string Value)> settings, IEnumerable<(string Name, string Value)> variables) =>
        Start(name, typeof(ProbeProcess).Assembly.Location, ["silo"], settings, variables);

    /// <summary>Starts another program that speaks as a probe does: lines that begin with the milliseconds.</summary>
    /// <param name="program">Its assembly.</param>
    /// <param name="arguments">What comes before the options.</param>
    public static ProbeProcess Start(
        string name, string program, IEnumerable<string> arguments, IEnumerable<(string Option, string Value)> settings, IEnumerable<(string Name, string Value)> variables)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (option, value) in settings.Append(("silo-name", name)))
        {
            start.ArgumentList.Add($"--{option}");
            start.ArgumentList.Add(value);
        }

        foreach (var (variable, value) in variables)
        {
            start.Environment[variable] = value;
        }

        return new ProbeProcess(Process.Start(start)!, name);
    }

    /// <summary>The first line that begins so, which it may have said already.</summary>
    /// <param name="since">Lines before this time, in milliseconds since the Unix epoch, do not count.</param>
    /// <exception cref="InvalidOperationException">The silo ended first.</exception>
    public async Task<ProbeLine> UntilAsync(string beginning, CancellationToken cancellationToken, long since = 0)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_lines.Find(line => line.Milliseconds >= since && line.Text.StartsWith(beginning, StringComparison.Ordinal)) is { } found)
                {
                    return found;
                }

                if (_closed)
                {
                    throw new InvalidOperationException($"{Name} ended before it said '{beginning}': {string.Join(" | ", _lines.Select(line => line.Text))}");
                }

                more = _more.Task;
            }

            await more.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Lets it call grains on all silos from now on.</summary>
    public async Task ServeAsync()
    {
        await _process.StandardInput.WriteLineAsync("serve");
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Sends a signal by its name, for example <c>TERM</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{_process.Id}"])!;
        await kill.WaitForExitAsync();
    }

    public async Task<int> EndedAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } text)
        {
            if (text.Split(' ', 2) is [var time, var rest] && long.TryParse(time, out var milliseconds))
            {
                Add(new ProbeLine(milliseconds, rest));
            }
        }

        Add(null);
    }

    private void Add(ProbeLine? line)
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            if (line is null)
            {
                _closed = true;
            }
            else
            {
                _lines.Add(line);
            }

            (waiting, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        waiting.SetResult();
    }
}

/// <param name="Milliseconds">Since the Unix epoch, by the machine's clock.</param>
public sealed record ProbeLine(long Milliseconds, string Text);
