using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Engine.Ledger;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Execution;

/// <summary>Reads a job's source into the ledger, not far ahead of the crawl.</summary>
/// <param name="note">Told why the listing waits, and until when that is worth saying.</param>
/// <param name="stored">Told when new videos may be there.</param>
/// <param name="waitForRoom">Waits while a job has enough videos ahead.</param>
public sealed partial class SourceLister(
    ILedger ledger, Func<SourceSpec, IVideoSource> openSource, Action<string, DateTimeOffset> note, Action stored, Func<long, CancellationToken, Task> waitForRoom, TimeProvider time, ILogger log)
{
    private const int Batch = 64;

    /// <summary>Lists from the beginning; what the ledger knows already is left alone. A source that cannot be read fails its job.</summary>
    public async Task RunAsync(JobRow job, CancellationToken stop)
    {
        var videos = new List<VideoMetadata>();
        var skipped = new List<SourceItem.Skipped>();
        try
        {
            await ledger.BeginListingAsync(job.Id).ConfigureAwait(false);
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
                    case SourceItem.Waiting waiting:
                        await StoreAsync().ConfigureAwait(false);
                        note(waiting.Reason, time.GetUtcNow() + waiting.For);
                        break;
                }

                if (videos.Count + skipped.Count >= Batch)
                {
                    await StoreAsync().ConfigureAwait(false);
                    await waitForRoom(job.Id, stop).ConfigureAwait(false);
                }
            }

            await StoreAsync().ConfigureAwait(false);
            await ledger.SetListedAsync(job.Id, true).ConfigureAwait(false);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Stopped, or the job runs no more: listed again from the beginning when it goes on.
        }
        catch (Exception exception)
        {
            var reason = exception is SourceException
                ? exception.Message
                : $"Listing {job.Source.Location} met a surprise, {exception.GetType().Name}: {exception.Message} `medgen jobs resume {job.Id}` lists it again.";
            LogSource(log, job.Id, reason, exception);
            await ledger.ChangeJobAsync(job.Id, JobEvent.SourceFailed, reason).ConfigureAwait(false);
        }

        async Task StoreAsync()
        {
            await ledger.AddVideosAsync(job.Id, videos, skipped).ConfigureAwait(false);
            videos.Clear();
            skipped.Clear();
            stored();
        }
    }

    [LoggerMessage(LogLevel.Error, "Job {Job}: {Reason}")]
    private static partial void LogSource(ILogger logger, long job, string reason, Exception exception);
}
