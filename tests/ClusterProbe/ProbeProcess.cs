using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace MedGenCluster.ClusterProbe;

/// <summary>A silo of <see cref="ProbeSilo"/> in a process of its own. It ends with this one.</summary>
public sealed class ProbeProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<ProbeLine> _lines = Channel.CreateUnbounded<ProbeLine>();
    private readonly ConcurrentQueue<ProbeLine> _all = new();
    private readonly Task _reading;

    private ProbeProcess(Process process, string name)
    {
        (_process, Name) = (process, name);
        _reading = ReadAsync();
    }

    public string Name { get; }

    /// <summary>Everything that it has said.</summary>
    public IReadOnlyCollection<ProbeLine> Lines => _all;

    /// <param name="settings">Options of a cluster by their names.</param>
    /// <param name="variables">Environment variables.</param>
    public static ProbeProcess Start(string name, IEnumerable<(string Option, string Value)> settings, IEnumerable<(string Name, string Value)> variables)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(ProbeProcess).Assembly.Location);
        start.ArgumentList.Add("silo");
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

    /// <summary>Waits for a line that begins so; lines before it are passed over.</summary>
    /// <exception cref="InvalidOperationException">The silo ended first.</exception>
    public async Task<ProbeLine> UntilAsync(string beginning, CancellationToken cancellationToken)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
        {
            if (line.Text.StartsWith(beginning, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"{Name} ended before it said '{beginning}': {string.Join(" | ", _all.Select(line => line.Text))}");
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
                var line = new ProbeLine(milliseconds, rest);
                _all.Enqueue(line);
                _lines.Writer.TryWrite(line);
            }
        }

        _lines.Writer.Complete();
    }
}

/// <param name="Milliseconds">Since the Unix epoch, by the machine's clock.</param>
public sealed record ProbeLine(long Milliseconds, string Text);
