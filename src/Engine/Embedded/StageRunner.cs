using System.Diagnostics;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Embedded;

/// <summary>One worker of one stage: leases a batch, runs the stage, remembers the results, wakes whoever comes next.</summary>
internal sealed partial class StageRunner<TWork>(
    IStage<TWork> stage,
    Func<LeasedItem, CurationOptions, Task<TWork>> toWork,
    ILedger ledger,
    Board board,
    SemaphoreSlim slots,
    Func<string?> blocked,
    EngineOptions options,
    string owner,
    TimeProvider time,
    EngineInstruments instruments,
    ILogger log)
{
    private readonly IReadOnlyList<StageId> _downstream = StageCatalog.Downstream(stage.Id);
    private readonly StageId[] _upstream = [.. Enum.GetValues<StageId>().Where(id => id != stage.Id && StageCatalog.Downstream(id).Contains(stage.Id))];

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var wake = board.Of(stage.Id).Next;
            var jobs = board.RunningJobs;
            if (jobs.Count == 0 || ledger.Pending(stage.Id) == 0)
            {
                await wake.WaitAsync(stop).ConfigureAwait(false);
                continue;
            }

            if (_downstream.Any(next => ledger.Pending(next) >= options.HighWater) || blocked() is not null)
            {
                await WaitAsync(wake, TimeSpan.FromSeconds(1), stop).ConfigureAwait(false);
                continue;
            }

            await slots.WaitAsync(stop).ConfigureAwait(false);
            DateTimeOffset? due = null;
            var worked = false;
            try
            {
                (worked, due) = await TryBatchAsync(jobs, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception exception)
            {
                // The ledger refused: the leases run out and the items come back.
                LogTrouble(log, stage.Id.Name(), exception);
                await WaitAsync(wake, TimeSpan.FromSeconds(1), stop).ConfigureAwait(false);
            }
            finally
            {
                slots.Release();
            }

            if (!worked)
            {
                await WaitForDueAsync(wake, due, stop).ConfigureAwait(false);
            }
        }
    }

    private async Task<(bool Worked, DateTimeOffset? NextDue)> TryBatchAsync(IReadOnlyList<long> jobs, CancellationToken stop)
    {
        var (leased, nextDue) = await ledger.LeaseAsync(stage.Id, jobs, stage.BatchSize, owner, options.Lease).ConfigureAwait(false);
        if (leased.Count == 0)
        {
            return (false, nextDue);
        }

        var started = Stopwatch.GetTimestamp();
        IReadOnlyList<StageResult> results;
        try
        {
            results = await RunStageAsync(leased, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await ledger.ReleaseAsync([.. leased.Select(item => item.Item.Seq)], owner, TimeSpan.Zero).ConfigureAwait(false);
            throw;
        }

        if (blocked() is not null && results.Any(result => result is StageResult.Failed))
        {
            // A failure on a full disk says nothing about the item: it keeps its attempts and comes back later.
            var back = leased.Where((_, i) => results[i] is StageResult.Failed).Select(item => item.Item.Seq).ToList();
            await ledger.ReleaseAsync(back, owner, TimeSpan.FromSeconds(2)).ConfigureAwait(false);
            (leased, results) = ([.. leased.Where((_, i) => results[i] is not StageResult.Failed)], [.. results.Where(result => result is not StageResult.Failed)]);
        }

        var completions = new Completion[leased.Count];
        for (var i = 0; i < leased.Count; i++)
        {
            completions[i] = Interpret(leased[i], results[i]);
        }

        var settled = await ledger.CompleteAsync(completions, owner).ConfigureAwait(false);
        if (settled.Count > 0)
        {
            await ledger.SettleVideosAsync(settled).ConfigureAwait(false);
        }

        instruments.Finished(stage.Id, completions, Stopwatch.GetElapsedTime(started));
        WakeOthers(completions, settled.Count > 0);
        return (true, null);
    }

    private async Task<IReadOnlyList<StageResult>> RunStageAsync(IReadOnlyList<LeasedItem> leased, CancellationToken stop)
    {
        try
        {
            var work = new TWork[leased.Count];
            for (var i = 0; i < work.Length; i++)
            {
                work[i] = await toWork(leased[i], board.Job(leased[i].Item.Job).Options).ConfigureAwait(false);
            }

            var run = stage.RunAsync(work, stop);
            if (!run.IsCompleted)
            {
                await KeepLeasesAsync(run, leased, stop).ConfigureAwait(false);
            }

            var results = await run.ConfigureAwait(false);
            return results.Count == leased.Count
                ? results
                : throw new InvalidOperationException($"The stage answered {results.Count} results for {leased.Count} items.");
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            LogTrouble(log, stage.Id.Name(), exception);
            return [.. leased.Select(_ => new StageResult.Failed($"{exception.GetType().Name}: {exception.Message}", Retryable: true))];
        }
    }

    private async Task KeepLeasesAsync(Task run, IReadOnlyList<LeasedItem> leased, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.Lease / 3, time);
        while (true)
        {
            var tick = timer.WaitForNextTickAsync(stop).AsTask();
            if (await Task.WhenAny(run, tick).ConfigureAwait(false) == run || stop.IsCancellationRequested)
            {
                return;
            }

            await ledger.RenewAsync([.. leased.Select(item => item.Item.Seq)], owner, options.Lease).ConfigureAwait(false);
        }
    }

    private Completion Interpret(LeasedItem leased, StageResult result)
    {
        var job = board.Job(leased.Item.Job);
        LifeEvent happened;
        Decision decision;
        StageResult.Measured? measured = null;
        if (result is StageResult.Measured ok)
        {
            measured = ok;
            var verdict = stage.Decide(new With(leased.Measurements, ok.Measurement), job.Options);
            happened = LifeEvent.Of(stage.Id, verdict);
            decision = new Decision(
                stage.Id, verdict.Passed ? DecisionVerdict.Passed : DecisionVerdict.Rejected, verdict.Reason, verdict.Score, verdict.Threshold, ok.Measurement.ModelVersion);
        }
        else
        {
            var failed = (StageResult.Failed)result;
            happened = new LifeEvent.Failed(stage.Id, failed.Reason, failed.Retryable);
            decision = new Decision(stage.Id, DecisionVerdict.Failed, failed.Reason, null, null, stage.ModelVersion);
        }

        var state = leased.Item.State;
        var transition = leased.Item.Kind == ItemKind.Video
            ? VideoLifecycle.Apply(state, happened, options.Retry)
            : ClipLifecycle.Apply(state, happened, StageOrder.Clip(job.Options.Order), options.Retry);
        var dueAt = transition.Effects.Contains(Effect.RunStageLater)
            ? (time.GetUtcNow() + options.Retry.DelayAfter(transition.State.Attempts, leased.Item.Id)).ToUnixTimeMilliseconds()
            : 0;
        return new Completion(leased, transition, decision, dueAt, measured?.Measurement, measured?.Media, measured?.MediaPath, measured?.Clips);
    }

    private void WakeOthers(Completion[] completions, bool videosSettled)
    {
        var jobs = videosSettled;
        foreach (var completion in completions)
        {
            var transition = completion.Transition;
            jobs |= transition.State.IsTerminal;
            if (transition.State.Outcome == Outcome.Active)
            {
                board.Of(transition.State.Stage).Signal();
            }
            else if (transition.Effects.Contains(Effect.StartClips))
            {
                board.Of(StageId.Cut).Signal();
            }
        }

        // Room before this stage: whoever was held back by its queue may go on.
        foreach (var upstream in _upstream)
        {
            board.Of(upstream).Signal();
        }

        board.Of(stage.Id).Signal();
        if (jobs)
        {
            board.Jobs.Signal();
        }
    }

    /// <summary>Nothing was due: sleeps until a signal, or until the next delayed item is.</summary>
    private async Task WaitForDueAsync(Task wake, DateTimeOffset? due, CancellationToken stop)
    {
        if (due is not { } at)
        {
            await wake.WaitAsync(stop).ConfigureAwait(false);
            return;
        }

        var delay = at - time.GetUtcNow();
        await WaitAsync(wake, delay < TimeSpan.FromMilliseconds(5) ? TimeSpan.FromMilliseconds(5) : delay, stop).ConfigureAwait(false);
    }

    private async Task WaitAsync(Task wake, TimeSpan limit, CancellationToken stop)
    {
        try
        {
            await wake.WaitAsync(limit, time, stop).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
        }
    }

    [LoggerMessage(LogLevel.Error, "Stage {Stage} met a surprise; its items come back.")]
    private static partial void LogTrouble(ILogger logger, string stage, Exception exception);

    private sealed class With(IMeasurements rest, Measurement own) : IMeasurements
    {
        public Measurement? this[StageId id] => id == own.Stage ? own : rest[id];
    }
}
