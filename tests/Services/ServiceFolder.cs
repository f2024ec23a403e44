using System.Diagnostics;

namespace MedGenCluster.Services;

/// <summary>What the servers do with their folders and with programs that run once.</summary>
internal static class ServiceFolder
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static string Create(string name) => Directory.CreateTempSubdirectory($"medgen-{name}-").FullName;

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="ServiceException">It ended with another code than 0.</exception>
    public static async Task RunAsync(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            throw new ServiceException($"{string.Join(' ', command)} ended with {process.ExitCode}: {error}{await output.ConfigureAwait(false)}");
        }
    }

    /// <summary>Asks until the server answers.</summary>
    /// <returns>False where the server ended instead.</returns>
    /// <exception cref="ServiceException">It neither answered nor ended within a minute.</exception>
    public static async Task<bool> AnswersAsync(GuardedProcess server, string folder, Func<Task> ask)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await ask().ConfigureAwait(false);
                return true;
            }
            catch (Exception) when (server.Ended.IsCompleted)
            {
                return false;
            }
            catch (Exception exception) when (started.Elapsed > Patience)
            {
                throw new ServiceException($"The server does not answer after {Patience.TotalSeconds:0} s: {exception.Message} {LogEnd(folder)}", exception);
            }
            catch (Exception)
            {
                await timer.WaitForNextTickAsync().ConfigureAwait(false);
            }
        }
    }

    public static string LogEnd(string folder)
    {
        var path = Path.Combine(folder, "log");
        return File.Exists(path) ? "Its log ends: " + string.Join('\n', File.ReadLines(path).TakeLast(20)) : "It left no log.";
    }
}
