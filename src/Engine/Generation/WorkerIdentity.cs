using System.Globalization;
using MedGenCluster.Curation.Processes;

namespace MedGenCluster.Engine.Generation;

/// <summary>Names of workers that hold leases: machine, process and a word. Whoever starts on the same machine can tell whether such a worker still lives.</summary>
public sealed class WorkerIdentity(string machine, int process, long startedAt)
{
    /// <summary>This process's.</summary>
    public static WorkerIdentity Own() => new(Environment.MachineName, Environment.ProcessId, ProcessGroup.StartOf(Environment.ProcessId) ?? 0);

    /// <param name="word">Tells workers of a process apart.</param>
    public string Name(string word) => string.Create(CultureInfo.InvariantCulture, $"{machine}|{process}|{startedAt}|{word}");

    /// <returns>True where the name is one of this machine's and its process lives no more. Of other machines nothing is known.</returns>
    public bool IsDead(string name) =>
        name.Split('|') is [var host, var id, var start, _]
        && host == machine
        && int.TryParse(id, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(start, CultureInfo.InvariantCulture, out var began)
        && OperatingSystem.IsLinux()
        && ProcessGroup.StartOf(number) != began;
}
