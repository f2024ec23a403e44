using System.Diagnostics;
using System.Text.Json;

namespace MedGenCluster.EndToEnd;

/// <summary>A running <c>medgen up</c>.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly Task _output;

    private HostProcess(Process process, Task<string> errors, Task output, string address) => (_process, _errors, _output, Address) = (process, errors, output, address);

    public string Address { get; }

    /// <summary>Starts a host on a free port and waits until it listens.</summary>
    public static Task<HostProcess> StartAsync(params string[] arguments) => StartAsync(null, arguments);

    /// <param name="environment">Further variables; null for none.</param>
    public static async Task<HostProcess> StartAsync(IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var process = Medgen.Start(environment, ["up", "--json", "--listen", "http://127.0.0.1:0", .. arguments]);
        var errors = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            var value = JsonDocument.Parse(line).RootElement;
            if (value.TryGetProperty("type", out var type) && type.GetString() == "listening")
            {
                return new HostProcess(process, errors, process.StandardOutput.ReadToEndAsync(), value.GetProperty("address").GetString()!);
            }
        }

        await process.WaitForExitAsync();
        throw new InvalidOperationException($"The host ended with {process.ExitCode}: {await errors}");
    }

    /// <summary>Asks it to stop, as an operator does.</summary>
    /// <returns>Its exit code and what it said on standard error.</returns>
    public async Task<(int ExitCode, string Errors)> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        await _output;
        return (_process.ExitCode, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
