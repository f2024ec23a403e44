using System.Diagnostics;

namespace MedGenCluster.Services;

/// <summary>A server under <c>guard.sh</c>: it ends with this process, also when that is killed, and its folder goes with it.</summary>
internal sealed class GuardedProcess
{
    private readonly Process _guard;

    private GuardedProcess(Process guard, int id, Task<int> ended) => (_guard, Id, Ended) = (guard, id, ended);

    /// <summary>The server's own process, which is the guard's child.</summary>
    public int Id { get; }

    /// <summary>Done when the server has ended; its exit code, 128 and the signal's number where one ended it.</summary>
    public Task<int> Ended { get; }

    /// <param name="folder">The server's own folder, removed when it ends for good. Its output is appended to <c>log</c> there.</param>
    /// <param name="lastSignal">What ends the server with this process, for example <c>KILL</c>.</param>
    public static async Task<GuardedProcess> StartAsync(string folder, string lastSignal, IEnumerable<string> command)
    {
        // A session of its own, so that what a terminal or a time limit sends to the tests' group does not end the guard before its work is done.
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["sh", "-c", Script(), "guard", folder, lastSignal, .. command])
        {
            start.ArgumentList.Add(argument);
        }

        var guard = Process.Start(start)!;
        var first = await guard.StandardOutput.ReadLineAsync().ConfigureAwait(false);
        if (first?.Split(' ') is not ["started", var id])
        {
            throw new ServiceException($"The guard of {folder} did not start.");
        }

        return new GuardedProcess(guard, int.Parse(id), EndedAsync(guard));
    }

    /// <summary>Sends a signal by its name, for example <c>INT</c>.</summary>
    public async Task SignalAsync(string name)
    {
        await _guard.StandardInput.WriteLineAsync(name).ConfigureAwait(false);
        await _guard.StandardInput.FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the server with a signal and waits; its folder stays for a next run.</summary>
    public async Task StopAsync(string signal)
    {
        await SignalAsync("keep").ConfigureAwait(false);
        await SignalAsync(signal).ConfigureAwait(false);
        await Ended.ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the server, if it still runs, and removes its folder.</summary>
    public async Task CloseAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync().ConfigureAwait(false);
        _guard.Dispose();
    }

    private static async Task<int> EndedAsync(Process guard)
    {
        while (await guard.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line.Split(' ') is ["ended", var code])
            {
                return int.Parse(code);
            }
        }

        return -1;
    }

    private static string Script()
    {
        using var reader = new StreamReader(typeof(GuardedProcess).Assembly.GetManifestResourceStream("guard.sh")!);
        return reader.ReadToEnd();
    }
}
