using MedGenCluster.Curation.Generation;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Media;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Generation;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Training;

/// <summary>Trains what is due, one run after another: claims a run, lets <see cref="TrainingAttempt"/> carry it, and remembers how that ended.</summary>
public sealed partial class TrainingWorker(
    ITrainingLedger ledger, IMediaStore media, ITrainer trainer, WorkerIdentity identity, TrainingWorkerOptions options, TimeProvider time, ILogger log)
{
    private readonly string _operation = identity.Name("training");
    private readonly RetryPolicy _retry = RetryPolicy.Default;
    private readonly Wake _wake = new();

    /// <summary>Looks at once for what is due.</summary>
    public void Wake() => _wake.Signal();

    /// <summary>Works until it is cancelled, or until nothing is left to do. Cancelled, it has the trainer write a checkpoint first.</summary>
    /// <param name="run">One run; null for every one.</param>
    public async Task RunAsync(long? run, bool untilIdle, CancellationToken cancellationToken)
    {
        await ledger.ReclaimTrainingsAsync(identity.IsDead, _retry).ConfigureAwait(false);
        while (!cancellationToken.IsCancellationRequested)
        {
            var wake = _wake.Next;

            // Looked at by reading alone: where nothing is to do nothing is written.
            var open = (await ledger.TrainingsAsync().ConfigureAwait(false)).Any(row => !row.Life.IsTerminal && (run is null || row.Id == run));
            if (untilIdle && !open)
            {
                return;
            }

            if (open && await ledger.ClaimTrainingAsync(run, _operation, options.Lease).ConfigureAwait(false) is { } claimed)
            {
                await AttemptAsync(claimed, cancellationToken).ConfigureAwait(false);
                continue;
            }

            await wake.WaitAsync(options.Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task AttemptAsync(TrainingRow run, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var lost = new CancellationTokenSource();
        using var ending = new CancellationTokenSource();
        var beating = BeatAsync(run.Id, stop, lost, ending.Token);
        try
        {
            var end = await new TrainingAttempt(ledger, media, trainer, run, _operation, options, time).RunAsync(stop.Token, lost.Token).ConfigureAwait(false);
            if (end is TrainingEnd.Crashed crashed)
            {
                LogCrashed(log, run.Id, crashed.Kind, crashed.Message);
            }

            await ledger.EndTrainingAsync(run.Id, _operation, end, _retry).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // The run is another worker's by now.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or MediaStoreException)
        {
            await ledger.EndTrainingAsync(run.Id, _operation, new TrainingEnd.Crashed("disk", failure.Message, "Free some space or mend the folder's rights, then take the run up again.", (failure as MediaStoreException)?.Retryable ?? false), _retry)
                .ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task BeatAsync(long run, CancellationTokenSource stop, CancellationTokenSource lost, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Heartbeat, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!await ledger.RenewTrainingAsync(run, _operation, options.Lease).ConfigureAwait(false))
            {
                await lost.CancelAsync().ConfigureAwait(false);
                return;
            }

            if ((await ledger.TrainingAsync(run).ConfigureAwait(false))?.Life.Phase == TrainingPhase.Stopping && !stop.IsCancellationRequested)
            {
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Training run {Run} ended badly ({Kind}): {Reason}")]
    private static partial void LogCrashed(ILogger logger, long run, string kind, string reason);
}
