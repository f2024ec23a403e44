using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Running;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Grains.Items;

/// <summary>What grains of videos and clips share. They interpret the lifecycles' effects and hold no rule of the pipeline: a stage is asked for a result, the result is
/// interpreted and remembered in the ledger under the shard's lease, and the new state says what comes next.</summary>
internal abstract partial class ItemGrain(SiloWork work, ShardDesks desks) : Grain, IItemGrain
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromDays(1);
    private static readonly TimeSpan TroublePause = TimeSpan.FromSeconds(2);

    private Run? _run;

    /// <summary>An item in work. It exists only while the grain works: an idle activation costs next to nothing.</summary>
    private sealed class Run(ItemTicket ticket)
    {
        public ItemTicket Ticket => ticket;

        public LeasedItem Item { get; set; } = null!;

        public StageId? Stage { get; set; }
    }

    public ValueTask<bool> StartAsync(ItemTicket ticket, CancellationToken cancellationToken)
    {
        if (_run is not null)
        {
            return new(_run.Ticket == ticket);
        }

        _run = new Run(ticket);
        DelayDeactivation(LongestRun);
        DriveAsync(_run).Ignore();
        return new(true);
    }

    public ValueTask<ItemStatus> StatusAsync(CancellationToken cancellationToken) => new(new ItemStatus(_run?.Ticket.Number ?? 0, _run?.Stage?.Name() ?? ""));

    /// <remarks>A run outlives its activation: when a silo dies, Orleans puts away activations of others whose place was written down there. It therefore touches nothing that is
    /// the activation's; the shard's desk knows of it and lets nobody else begin.</remarks>
    private async Task DriveAsync(Run run)
    {
        var ticket = run.Ticket;
        var running = (ticket.Item, ticket.Number);
        work.Runs[running] = true;
        try
        {
            var options = await work.Jobs.OptionsAsync(ticket.Job, ticket.Options);
            var item = work.Leases.Find(ticket.Item) ?? await work.Ledger.LoadAsync(ticket.Item);
            while (item is not null && item.Item.State.Outcome == Outcome.Active)
            {
                run.Item = item;
                run.Stage = item.Item.State.Stage;
                if (work.Draining.IsCancellationRequested)
                {
                    await GiveBackAsync(ticket, TimeSpan.Zero);
                    break;
                }

                item = await StepAsync(run, item, options, work.Stopping);
            }
        }
        catch (OperationCanceledException)
        {
            await GiveBackAsync(ticket, TimeSpan.Zero);
        }
        catch (Exception exception)
        {
            LogTrouble(work.Parts.Logs.CreateLogger<ItemGrain>(), ticket.Item, exception);
            await GiveBackAsync(ticket, TroublePause);
        }
        finally
        {
            work.Leases.Remove(ticket.Item);
            work.Runs.TryRemove(running, out _);
            _run = null;
            desks.End(ticket);
            GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The item's run has ended."));
        }
    }

    /// <returns>The item where it goes on at once, or null.</returns>
    private async Task<LeasedItem?> StepAsync(Run run, LeasedItem item, CurationOptions options, CancellationToken stop)
    {
        var (ticket, stage) = (run.Ticket, item.Item.State.Stage);
        var call = work.Calls[stage];
        var executed = call.Needs == Resource.Gpu
            ? await work.Router.RunAsync(
                new LaneTicket(ticket.Owner, ticket.Number, ticket.Item, ticket.Job, stage, ticket.Options, work.Router.Listener), first: item.Item.Strikes > 0, work.Draining, stop)
            : await work.Executor.RunAsync(stage, item, options, stop);
        if (executed.Result is StageResult.Postponed postponed)
        {
            work.Note(postponed.Reason, work.Parts.Time.GetUtcNow() + postponed.After + TroublePause);
            await GiveBackAsync(ticket, postponed.After);
            return null;
        }

        if (executed.Result is StageResult.Failed && (stop.IsCancellationRequested || work.Blocked is not null))
        {
            // A failure on a full disk or of a killed tool says nothing about the item: it keeps its attempts and comes back.
            await GiveBackAsync(ticket, TroublePause);
            return null;
        }

        var completion = call.Interpret(item, executed.Result, options) with { Seconds = executed.Seconds };
        var report = await work.Ledger.CompleteAsync([completion], ticket.Owner, work.Parts.Options.Lease);
        if (report.Lost.Count > 0)
        {
            return null;
        }

        if (report.Settled.Count > 0)
        {
            await work.Ledger.SettleVideosAsync(report.Settled);
        }

        work.Finished(stage, completion, work.Parts.Time.GetUtcNow().ToUnixTimeSeconds());
        var next = item.After(completion);
        if (!completion.Transition.Effects.Contains(Effect.RunStage))
        {
            return null;
        }

        // A lane of this silo that is asked next finds the item as it is now.
        work.Leases.Put(next);
        return next;
    }

    private async Task GiveBackAsync(ItemTicket ticket, TimeSpan delay)
    {
        try
        {
            await work.Ledger.ReleaseAsync([ticket.Item], ticket.Owner, delay);
        }
        catch (Exception exception)
        {
            // The lease runs out and the item comes back by itself.
            LogTrouble(work.Parts.Logs.CreateLogger<ItemGrain>(), ticket.Item, exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "Item {Item} met a surprise; it comes back.")]
    private static partial void LogTrouble(ILogger logger, long item, Exception exception);
}
