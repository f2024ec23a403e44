using System.Collections.Concurrent;

namespace MedGenCluster.Curation.Processes;

/// <summary>What the external programs of a run have cost, by program name (without folder).</summary>
public sealed class ProcessAccounting
{
    private readonly ConcurrentDictionary<string, ProgramTotals> _totals = new(StringComparer.Ordinal);

    /// <summary>Totals so far, by program name.</summary>
    public IReadOnlyDictionary<string, ProgramTotals> Totals => _totals;

    public void Add(string program, TimeSpan cpu) =>
        _totals.AddOrUpdate(
            Path.GetFileName(program),
            static (_, time) => new ProgramTotals(1, time.TotalSeconds),
            static (_, old, time) => new ProgramTotals(old.Runs + 1, old.CpuSeconds + time.TotalSeconds),
            cpu);
}

/// <param name="Runs">Processes that have ended.</param>
/// <param name="CpuSeconds">User and system time of all of them, seconds.</param>
public sealed record ProgramTotals(long Runs, double CpuSeconds);
