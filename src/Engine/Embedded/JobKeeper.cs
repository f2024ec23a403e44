using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Engine.Ledger;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Embedded;

/// <summary>Lists the sources of running jobs and brings jobs to their end.</summary>
internal sealed partial class JobKeeper(
    ILedger ledger,
    Board board,
    Func<SourceSpec, IVideoSource> openSource,
    Func<JobRow, CancellationToken, Task> finish,
    EngineOptions options,
    ILogger log)
{
    private const int ListingBatch = 64;

    public async Task RunAsync(bool untilIdle, CancellationToken stop)
    {
        var listings = new Dictionary<long, Task>();
        while (true)
        {
            var wake = board.Jobs.Next;
            var jobs = await ledger.JobsAsync().ConfigureAwait(false);
            board.SetJobs(jobs);
            foreach (var job in jobs.Where(job => job is { State: JobState.Running, Listed: false } && !listings.ContainsKey(job.Id)))
            {
                listings[job.Id] = Task.Run(() => ListAsync(job, stop), stop);
            }

            foreach (var (job, listing) in listings.ToList())
            {
                if (listing.IsCompleted)
                {
                    await listing.ConfigureAwait(false);
                    listings.Remove(job);
                }
            }

            var finished = false;
            foreach (var job in jobs.Where(job => job is { State: JobState.Running, Listed: true } && OpenItems(job.Id) == 0))
            {
                await EndAsync(job, stop).ConfigureAwait(false);
                finished = true;
            }

            if (finished)
            {
                continue;
            }

            if (untilIdle && listings.Count == 0 && !jobs.Any(job => job.State == JobState.Running))
            {
                return;
            }

            await wake.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    private long OpenItems(long job) =>
        ledger.Tallies.Where(t => t.Job == job && t.Outcome is Outcome.Active or Outcome.AwaitingClips).Sum(t => t.Count);

    private async Task EndAsync(JobRow job, CancellationToken stop)
    {
        if (JobLifecycle.Apply(job.State, JobEvent.WorkSettled).Effect == JobEffect.MarkDuplicates)
        {
            await finish(job, stop).ConfigureAwait(false);
        }

        await ledger.ChangeJobAsync(job.Id, JobEvent.WorkSettled).ConfigureAwait(false);
    }

    private async Task ListAsync(JobRow job, CancellationToken stop)
    {
        var videos = new List<VideoMetadata>();
        var skipped = new List<SourceItem.Skipped>();
        try
        {
            await foreach (var item in openSource(job.Source).ListAsync(stop).WithCancellation(stop).ConfigureAwait(false))
            {
                switch (item)
                {
                    case SourceItem.Found found:
                        videos.Add(found.Video);
                        break;
                    case SourceItem.Skipped skip:
                        skipped.Add(skip);
                        break;
                }

                if (videos.Count + skipped.Count >= ListingBatch)
                {
                    await StoreAsync().ConfigureAwait(false);
                    await BackPressureAsync(stop).ConfigureAwait(false);
                }
            }

            await StoreAsync().ConfigureAwait(false);
            await ledger.SetListedAsync(job.Id, true).ConfigureAwait(false);
        }
        catch (SourceException exception)
        {
            LogSource(log, job.Id, exception.Message);
            await ledger.ChangeJobAsync(job.Id, JobEvent.SourceFailed, exception.Message).ConfigureAwait(false);
        }
        finally
        {
            board.Jobs.Signal();
        }

        async Task StoreAsync()
        {
            await ledger.AddVideosAsync(job.Id, videos, skipped).ConfigureAwait(false);
            videos.Clear();
            skipped.Clear();
            board.Of(StageId.Screen).Signal();
        }
    }

    /// <summary>A long listing does not run far ahead of the crawl.</summary>
    private async Task BackPressureAsync(CancellationToken stop)
    {
        while (true)
        {
            var screened = board.Of(StageId.Screen).Next;
            if (ledger.Pending(StageId.Screen) < options.HighWater * 16L)
            {
                return;
            }

            await screened.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    [LoggerMessage(LogLevel.Error, "Job {Job}: {Reason}")]
    private static partial void LogSource(ILogger logger, long job, string reason);
}
