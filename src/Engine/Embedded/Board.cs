using System.Collections.Concurrent;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Embedded;

/// <summary>What the engine's workers share: the running jobs, who is to be woken, and what the engine waits for.</summary>
internal sealed class Board
{
    private readonly ConcurrentDictionary<long, JobRow> _jobs = new();
    private readonly Dictionary<StageId, Wake> _wakes = Enum.GetValues<StageId>().ToDictionary(id => id, _ => new Wake());

    public IReadOnlyList<JobRow> RunningJobs { get; private set; } = [];

    /// <summary>Woken when a job may have settled, or was submitted or changed.</summary>
    public Wake Jobs { get; } = new();

    /// <summary>Why some items wait although nothing is wrong with them, and until when that is worth saying.</summary>
    public (string Reason, DateTimeOffset Until)? Standstill { get; private set; }

    public void Note(string reason, DateTimeOffset until) => Standstill = (reason, until);

    public Wake Of(StageId stage) => _wakes[stage];

    public JobRow Job(long id) => _jobs[id];

    public void SetJobs(IReadOnlyList<JobRow> jobs)
    {
        foreach (var job in jobs)
        {
            _jobs[job.Id] = job;
        }

        RunningJobs = [.. jobs.Where(job => job.State == JobState.Running)];
        WakeAll();
    }

    public void WakeAll()
    {
        foreach (var wake in _wakes.Values)
        {
            wake.Signal();
        }
    }
}
