using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Embedded;

/// <summary>Has the sources of running jobs listed and brings jobs to their end.</summary>
internal sealed partial class JobKeeper(ILedger ledger, Board board, SourceLister lister, Func<JobRow, CancellationToken, Task> finish, ILogger log)
{
    private readonly Dictionary<long, Listing> _listings = [];
    private int _changedOutside;

    private sealed record Listing(Task Task, CancellationTokenSource Stop);

    /// <summary>Another process, or a caller, changed something: what is kept in memory is read again.</summary>
    public void Wake()
    {
        Volatile.Write(ref _changedOutside, 1);
        board.Jobs.Signal();
    }

    public async Task RunAsync(bool untilIdle, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var wake = board.Jobs.Next;
                if (Interlocked.Exchange(ref _changedOutside, 0) == 1)
                {
                    await ledger.RefreshAsync().ConfigureAwait(false);
                }

                var jobs = await board.ReadJobsAsync(ledger).ConfigureAwait(false);
                if (await KeepListingsAsync(jobs, stop).ConfigureAwait(false) || await EndSettledAsync(jobs, stop).ConfigureAwait(false))
                {
                    // What was read above is stale.
                    continue;
                }

                if (untilIdle && _listings.Count == 0 && !jobs.Any(job => job.State == JobState.Running))
                {
                    return;
                }

                await wake.WaitAsync(stop).ConfigureAwait(false);
            }
        }
        finally
        {
            foreach (var job in _listings.Keys.ToList())
            {
                await EndListingAsync(job).ConfigureAwait(false);
            }
        }
    }

    /// <returns>True when a listing came to its end.</returns>
    private async Task<bool> KeepListingsAsync(IReadOnlyList<JobRow> jobs, CancellationToken stop)
    {
        var ended = false;
        foreach (var job in jobs)
        {
            var listing = _listings.GetValueOrDefault(job.Id);
            if (listing is not null && (listing.Task.IsCompleted || job.State != JobState.Running))
            {
                await EndListingAsync(job.Id).ConfigureAwait(false);
                ended = true;
            }
            else if (listing is null && job is { State: JobState.Running, Listed: false })
            {
                StartListing(job, stop);
            }
        }

        return ended;
    }

    private void StartListing(JobRow job, CancellationToken stop)
    {
        var own = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var listing = Task.Run(() => lister.RunAsync(job, own.Token), CancellationToken.None);
        _listings[job.Id] = new Listing(listing, own);

        // After its end, not at its end: whoever is woken finds it completed.
        _ = listing.ContinueWith(_ => board.Jobs.Signal(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task EndListingAsync(long job)
    {
        _listings.Remove(job, out var listing);
        await listing!.Stop.CancelAsync().ConfigureAwait(false);
        await listing.Task.ConfigureAwait(false);
        listing.Stop.Dispose();
    }

    private async Task<bool> EndSettledAsync(IReadOnlyList<JobRow> jobs, CancellationToken stop)
    {
        var ended = false;
        foreach (var job in jobs.Where(job => job is { State: JobState.Running, Listed: true } && OpenItems(job.Id) == 0))
        {
            var entered = board.Enter([job.Id]);
            if (entered.Count == 0)
            {
                continue;
            }

            try
            {
                await EndAsync(job, stop).ConfigureAwait(false);
                ended = true;
            }
            finally
            {
                board.Leave(entered);
            }
        }

        return ended;
    }

    private long OpenItems(long job) =>
        ledger.Tallies.Where(t => t.Job == job && t.Outcome is Outcome.Active or Outcome.AwaitingClips).Sum(t => t.Count);

    private async Task EndAsync(JobRow job, CancellationToken stop)
    {
        try
        {
            if (JobLifecycle.Apply(job.State, JobEvent.WorkSettled).Effect == JobEffect.MarkDuplicates)
            {
                await finish(job, stop).ConfigureAwait(false);
            }

            await ledger.ChangeJobAsync(job.Id, JobEvent.WorkSettled).ConfigureAwait(false);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            LogEnd(log, job.Id, exception);
            await ledger.ChangeJobAsync(
                job.Id, JobEvent.FinishFailed, $"All work is done, but near-duplicates could not be marked: {exception.Message} `medgen jobs resume {job.Id}` tries again.").ConfigureAwait(false);
        }
    }

    [LoggerMessage(LogLevel.Error, "Job {Job} could not be ended.")]
    private static partial void LogEnd(ILogger logger, long job, Exception exception);
}
