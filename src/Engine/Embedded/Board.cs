using System.Collections.Concurrent;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Embedded;

/// <summary>What the engine's workers share: the running jobs, who is to be woken, and what the engine waits for.</summary>
internal sealed class Board : IDisposable
{
    private readonly ConcurrentDictionary<long, JobRow> _jobs = new();
    private readonly Dictionary<StageId, Wake> _wakes = Enum.GetValues<StageId>().ToDictionary(id => id, _ => new Wake());

    private readonly SemaphoreSlim _reading = new(1);
    private readonly Dictionary<long, int> _working = [];
    private readonly Dictionary<long, TaskCompletionSource> _held = [];

    public IReadOnlyList<JobRow> RunningJobs { get; private set; } = [];

    /// <summary>Woken when a job may have settled, or was submitted or changed.</summary>
    public Wake Jobs { get; } = new();

    /// <summary>Why some items wait although nothing is wrong with them, and until when that is worth saying.</summary>
    public (string Reason, DateTimeOffset Until)? Standstill { get; private set; }

    public void Note(string reason, DateTimeOffset until) => Standstill = (reason, until);

    public RecentWork Recent { get; } = new();

    public Wake Of(StageId stage) => _wakes[stage];

    public JobRow Job(long id) => _jobs[id];

    /// <summary>Reads the jobs and takes them over, one reader at a time: an older reading never overwrites a newer one.</summary>
    public async Task<IReadOnlyList<JobRow>> ReadJobsAsync(ILedger ledger)
    {
        await _reading.WaitAsync().ConfigureAwait(false);
        try
        {
            var jobs = await ledger.JobsAsync().ConfigureAwait(false);
            SetJobs(jobs);
            return jobs;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Enters work of some jobs; those that are held are left out.</summary>
    /// <returns>The jobs that were entered, to be left again.</returns>
    public IReadOnlyList<long> Enter(IReadOnlyList<long> jobs)
    {
        lock (_working)
        {
            IReadOnlyList<long> entered = _held.Count == 0 ? jobs : [.. jobs.Where(job => !_held.ContainsKey(job))];
            foreach (var job in entered)
            {
                _working[job] = _working.GetValueOrDefault(job) + 1;
            }

            return entered;
        }
    }

    public void Leave(IReadOnlyList<long> entered)
    {
        lock (_working)
        {
            foreach (var job in entered)
            {
                if (--_working[job] == 0 && _held.TryGetValue(job, out var waiting))
                {
                    waiting.TrySetResult();
                }
            }
        }
    }

    public bool IsHeld(long job)
    {
        lock (_working)
        {
            return _held.ContainsKey(job);
        }
    }

    /// <summary>No work of the job begins any more; the task ends when none is left.</summary>
    /// <exception cref="InvalidOperationException">The job is held already.</exception>
    public Task Hold(long job)
    {
        lock (_working)
        {
            var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_held.TryAdd(job, idle))
            {
                throw new InvalidOperationException($"Job {job} is held already.");
            }

            if (_working.GetValueOrDefault(job) == 0)
            {
                idle.SetResult();
            }

            return idle.Task;
        }
    }

    public void Release(long job)
    {
        lock (_working)
        {
            _held.Remove(job);
        }

        WakeAll();
        Jobs.Signal();
    }

    private void SetJobs(IReadOnlyList<JobRow> jobs)
    {
        foreach (var job in jobs)
        {
            _jobs[job.Id] = job;
        }

        RunningJobs = [.. jobs.Where(job => job.State == JobState.Running)];
        WakeAll();
    }

    public void Dispose() => _reading.Dispose();

    public void WakeAll()
    {
        foreach (var wake in _wakes.Values)
        {
            wake.Signal();
        }
    }
}
