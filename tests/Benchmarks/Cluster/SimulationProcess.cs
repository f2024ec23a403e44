using System.Diagnostics;
using MedGenCluster.Simulation;

namespace MedGenCluster.Benchmarks.Cluster;

/// <summary>A silo of <c>tests/Simulation</c> in a process of its own.</summary>
internal sealed class SimulationProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<(long At, string Text)> _lines = [];
    private readonly Task _reading;

    private SimulationProcess(Process process, string name)
    {
        (_process, Name, Started) = (process, name, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        _reading = ReadAsync();
    }

    public string Name { get; }

    /// <summary>When the process was started, milliseconds since the Unix epoch.</summary>
    public long Started { get; }

    public bool HasExited => _process.HasExited;

    /// <param name="arguments">Plan, folder and options.</param>
    /// <param name="variables">Environment variables.</param>
    public static SimulationProcess Start(string name, IEnumerable<string> arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(SimulatedSilo).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (variable, value) in variables)
        {
            start.Environment[variable] = value;
        }

        return new SimulationProcess(Process.Start(start)!, name);
    }

    /// <summary>What it last said of the cluster.</summary>
    public string LastLine
    {
        get
        {
            lock (_lines)
            {
                return _lines.Count == 0 ? "" : _lines[^1].Text;
            }
        }
    }

    /// <summary>When it first said that a silo is active, or null.</summary>
    public long? SawActive(string silo)
    {
        lock (_lines)
        {
            foreach (var (at, text) in _lines)
            {
                if (text.StartsWith("silos ", StringComparison.Ordinal) && text[6..].Split(';')[0].Split(',').Contains(silo))
                {
                    return at;
                }
            }

            return null;
        }
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGTERM.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-s", "TERM", $"{_process.Id}"])!;
        await kill.WaitForExitAsync();
    }

    public async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync();
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
                lock (_lines)
                {
                    _lines.Add((milliseconds, rest));
                }
            }
        }
    }
}
