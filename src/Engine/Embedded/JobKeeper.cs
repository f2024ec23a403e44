using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Embedded;

/// <summary>Has the sources of running jobs listed and brings jobs to their end.</summary>
internal sealed class JobKeeper(ILedger ledger, Board board, SourceLister lister, JobEnding ending)
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
        foreach (var job in jobs.Where(job => job is { State: JobState.Running, Listed: true }))
        {
            var entered = board.Enter([job.Id]);
            if (entered.Count == 0)
            {
                continue;
            }

            try
            {
                ended |= await ending.TryEndAsync(job, stop).ConfigureAwait(false);
            }
            finally
            {
                board.Leave(entered);
            }
        }

        return ended;
    }
}
