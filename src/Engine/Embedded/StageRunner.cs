using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Embedded;

/// <summary>One worker of one stage: leases a batch, runs the stage, remembers the results, wakes whoever comes next.</summary>
internal sealed partial class StageRunner(
    IStageCall stage,
    ILedger ledger,
    Board board,
    SemaphoreSlim slots,
    Func<string?> blocked,
    EngineOptions options,
    string owner,
    TimeProvider time,
    EngineInstruments instruments,
    EngineActivity activity,
    ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PostponedPause = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<StageOrderKind, IReadOnlyList<StageId>> _downstream =
        Enum.GetValues<StageOrderKind>().ToDictionary(order => order, order => StageCatalog.Downstream(stage.Id, order));

    private readonly StageId[] _upstream = [.. Enum.GetValues<StageId>().Where(
        id => id != stage.Id && Enum.GetValues<StageOrderKind>().Any(order => StageCatalog.Downstream(id, order).Contains(stage.Id)))];

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var wake = board.Of(stage.Id).Next;
            var jobs = board.RunningJobs.Where(job => ledger.Pending(job.Id, stage.Id) > 0 && !board.IsHeld(job.Id)).ToList();
            if (jobs.Count == 0)
            {
                await wake.WaitAsync(stop).ConfigureAwait(false);
                continue;
            }

            jobs.RemoveAll(job => _downstream[job.Options.Order].Any(next => ledger.Pending(job.Id, next) >= options.HighWater));
            if (jobs.Count == 0 || blocked() is not null)
            {
                await WaitAsync(wake, Pause, stop).ConfigureAwait(false);
                continue;
            }

            var idleUntil = await RunInSlotAsync([.. jobs.Select(job => job.Id)], stop).ConfigureAwait(false);
            if (idleUntil == DateTimeOffset.MaxValue)
            {
                await wake.WaitAsync(stop).ConfigureAwait(false);
            }
            else if (idleUntil is { } at)
            {
                var delay = at - time.GetUtcNow();
                await WaitAsync(wake, delay < TimeSpan.FromMilliseconds(5) ? TimeSpan.FromMilliseconds(5) : delay, stop).ConfigureAwait(false);
            }
        }
    }

    /// <returns>When to look for work again: null at once, the greatest time when woken.</returns>
    private async Task<DateTimeOffset?> RunInSlotAsync(IReadOnlyList<long> jobs, CancellationToken stop)
    {
        await slots.WaitAsync(stop).ConfigureAwait(false);
        var entered = board.Enter(jobs);
        try
        {
            if (entered.Count == 0)
            {
                return DateTimeOffset.MaxValue;
            }

            var (leased, nextDue) = await ledger.LeaseAsync(stage.Id, entered, stage.BatchSize, owner, options.Lease).ConfigureAwait(false);
            if (leased.Count == 0)
            {
                return nextDue ?? DateTimeOffset.MaxValue;
            }

            // While a source stands still its items are looked at one after the other, not all at once.
            return await RunBatchAsync(leased, stop).ConfigureAwait(false) ? null : time.GetUtcNow() + PostponedPause;
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            // The ledger refused: the leases run out and the items come back.
            LogTrouble(log, stage.Id.Name(), exception);
            return time.GetUtcNow() + Pause;
        }
        finally
        {
            board.Leave(entered);
            slots.Release();
        }
    }

    /// <returns>False when all items were postponed.</returns>
    private async Task<bool> RunBatchAsync(IReadOnlyList<LeasedItem> leased, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        IReadOnlyList<StageResult> results;
        using var span = EngineInstruments.Traces.StartActivity(stage.Id.Name());
        span?.SetTag("items", leased.Count);
        using var working = activity.Begin(stage.Id, stage.Needs, leased.Count);
        try
        {
            results = await MeasureAsync(leased, stop).ConfigureAwait(false);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            await ReleaseAsync(leased, TimeSpan.Zero).ConfigureAwait(false);
            throw new OperationCanceledException(stop);
        }

        (leased, results) = await PostponeAsync(leased, results).ConfigureAwait(false);
        if (leased.Count == 0)
        {
            return false;
        }

        var stopped = stop.IsCancellationRequested;
        if ((stopped || blocked() is not null) && results.Any(result => result is StageResult.Failed))
        {
            // A failure on a full disk or of a killed tool says nothing about the item: it keeps its attempts and comes back.
            await ReleaseAsync([.. leased.Where((_, i) => results[i] is StageResult.Failed)], stopped ? TimeSpan.Zero : 2 * Pause).ConfigureAwait(false);
            (leased, results) = ([.. leased.Where((_, i) => results[i] is not StageResult.Failed)], [.. results.Where(result => result is not StageResult.Failed)]);
        }

        var seconds = time.GetElapsedTime(started).TotalSeconds / leased.Count;
        var completions = new Completion[leased.Count];
        for (var i = 0; i < completions.Length; i++)
        {
            completions[i] = stage.Interpret(leased[i], results[i], board.Job(leased[i].Item.Job).Options) with { Seconds = seconds };
        }

        var settled = (await ledger.CompleteAsync(completions, owner).ConfigureAwait(false)).Settled;
        if (settled.Count > 0)
        {
            await ledger.SettleVideosAsync(settled).ConfigureAwait(false);
        }

        instruments.Finished(stage.Id, completions, time.GetElapsedTime(started));
        var second = time.GetUtcNow().ToUnixTimeSeconds();
        foreach (var completion in completions)
        {
            board.Recent.Add(RecentSecond.Of(second, stage.Id, completion.Decision.Verdict, completion.Seconds));
        }

        WakeOthers(completions, settled.Count > 0);
        return true;
    }

    /// <summary>Gives back what the stage postponed, with all attempts, and leaves the rest.</summary>
    private async Task<(IReadOnlyList<LeasedItem> Leased, IReadOnlyList<StageResult> Results)> PostponeAsync(IReadOnlyList<LeasedItem> leased, IReadOnlyList<StageResult> results)
    {
        var postponed = leased.Zip(results).Where(pair => pair.Second is StageResult.Postponed).Select(pair => (Item: pair.First, Result: (StageResult.Postponed)pair.Second)).ToList();
        if (postponed.Count == 0)
        {
            return (leased, results);
        }

        foreach (var group in postponed.GroupBy(pair => pair.Result.After))
        {
            await ReleaseAsync([.. group.Select(pair => pair.Item)], group.Key).ConfigureAwait(false);
        }

        board.Note(postponed[0].Result.Reason, time.GetUtcNow() + postponed.Max(pair => pair.Result.After) + Pause);
        return ([.. leased.Where((_, i) => results[i] is not StageResult.Postponed)], [.. results.Where(result => result is not StageResult.Postponed)]);
    }

    private async Task<IReadOnlyList<StageResult>> MeasureAsync(IReadOnlyList<LeasedItem> leased, CancellationToken stop)
    {
        var run = stage.MeasureAsync(leased, item => board.Job(item.Item.Job).Options, stop);
        if (!run.IsCompleted)
        {
            await KeepLeasesAsync(run, leased, stop).ConfigureAwait(false);
        }

        return await run.ConfigureAwait(false);
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

            try
            {
                await ledger.RenewAsync([.. leased.Select(item => item.Item.Seq)], owner, options.Lease).ConfigureAwait(false);
            }
            catch (Exception exception) when (!stop.IsCancellationRequested)
            {
                // The stage goes on: if the lease is lost before the next renewal its result is dropped.
                LogTrouble(log, stage.Id.Name(), exception);
            }
        }
    }

    private Task ReleaseAsync(IReadOnlyList<LeasedItem> leased, TimeSpan delay) => ledger.ReleaseAsync([.. leased.Select(item => item.Item.Seq)], owner, delay);

    private void WakeOthers(Completion[] completions, bool videosSettled)
    {
        var jobs = videosSettled;
        foreach (var completion in completions)
        {
            var transition = completion.Transition;
            jobs |= transition.Effects.Contains(Effect.TellJob);
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
}
