using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Execution;

/// <summary>Brings a job whose work is settled to its end.</summary>
/// <param name="finish">What the lifecycle asks for at the end: marks near-duplicates.</param>
public sealed partial class JobEnding(ILedger ledger, Func<JobRow, CancellationToken, Task> finish, ILogger log)
{
    /// <summary>Ends a job of which nothing is open any more.</summary>
    /// <returns>False where something is open; then nothing was done.</returns>
    public async Task<bool> TryEndAsync(JobRow job, CancellationToken stop)
    {
        if (OpenItems(job.Id) > 0)
        {
            return false;
        }

        // Other processes may have written since the counts were read.
        await ledger.RefreshAsync().ConfigureAwait(false);
        if (OpenItems(job.Id) > 0)
        {
            return false;
        }

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

        return true;
    }

    private long OpenItems(long job) => ledger.Tallies.Where(t => t.Job == job && t.Outcome is Outcome.Active or Outcome.AwaitingClips).Sum(t => t.Count);

    [LoggerMessage(LogLevel.Error, "Job {Job} could not be ended.")]
    private static partial void LogEnd(ILogger logger, long job, Exception exception);
}
