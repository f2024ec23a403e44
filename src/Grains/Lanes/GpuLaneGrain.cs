using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting.Placement;
using MedGenCluster.Grains.Running;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace MedGenCluster.Grains.Lanes;

/// <inheritdoc cref="IGpuLaneGrain"/>
[GpuPlacementFilter, RandomPlacement, Reentrant]
internal sealed partial class GpuLaneGrain(SiloWork work, ILogger<GpuLaneGrain> log) : Grain, IGpuLaneGrain
{
    private const int TellAttempts = 5;
    private static readonly TimeSpan BusyFor = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DrainingFor = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan TellPause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(string, long, StageId), CancellationTokenSource> _held = [];

    private StageId Stage => LaneKey.Parse(this.GetPrimaryKeyString()).Stage;

    /// <summary>What the slots and their batches take, and as much again waiting: a slot that ends finds its next item there.</summary>
    private int Capacity => 2 * work.Parts.Options.Slots(Resource.Gpu) * work.Calls[Stage].BatchSize;

    public ValueTask<LaneAnswer> SubmitAsync(LaneTicket ticket, CancellationToken cancellationToken)
    {
        if (_held.ContainsKey(ticket.Operation))
        {
            return new(new LaneAnswer(LaneAnswerKind.Accepted, Capacity, TimeSpan.Zero));
        }

        if (work.Draining.IsCancellationRequested)
        {
            return new(new LaneAnswer(LaneAnswerKind.Draining, Capacity, DrainingFor));
        }

        if (_held.Count >= Capacity)
        {
            return new(new LaneAnswer(LaneAnswerKind.Busy, Capacity, BusyFor));
        }

        var called = new CancellationTokenSource();
        _held[ticket.Operation] = called;
        DelayDeactivation(work.Parts.Options.LaneLimit);
        RunAsync(ticket, called).Ignore();
        return new(new LaneAnswer(LaneAnswerKind.Accepted, Capacity, TimeSpan.Zero));
    }

    public ValueTask<bool> HoldsAsync(LaneTicket ticket, CancellationToken cancellationToken) => new(_held.ContainsKey(ticket.Operation));

    public Task CallOffAsync(LaneTicket ticket) => _held.TryGetValue(ticket.Operation, out var called) ? called.CancelAsync() : Task.CompletedTask;

    private async Task RunAsync(LaneTicket ticket, CancellationTokenSource called)
    {
        try
        {
            ExecutedStage? executed = null;
            try
            {
                executed = await MeasureAsync(ticket, called.Token);
            }
            catch (OperationCanceledException)
            {
                // Called off, or the silo stops: the item goes back.
            }
            catch (Exception exception)
            {
                LogTrouble(log, ticket.Stage.Name(), ticket.Item, exception);
                executed = new ExecutedStage(new StageResult.Failed($"{exception.GetType().Name}: {exception.Message}", Retryable: true), 0);
            }

            if (!called.IsCancellationRequested)
            {
                await TellAsync(new LaneReport(ticket.Owner, ticket.Number, ticket.Item, ticket.Stage, executed is null ? null : StageOutcome.Of(executed.Result), executed?.Seconds ?? 0), ticket.ReplyTo);
            }
        }
        finally
        {
            _held.Remove(ticket.Operation);
            called.Dispose();
        }
    }

    private async Task<ExecutedStage?> MeasureAsync(LaneTicket ticket, CancellationToken called)
    {
        var options = await work.Jobs.OptionsAsync(ticket.Job, ticket.Options);
        var item = work.Leases.Find(ticket.Item) is { } near && near.Item.State.Stage == ticket.Stage ? near : await work.Ledger.LoadAsync(ticket.Item);

        // An item that stands elsewhere by now is another's: whoever sent it finds its lease lost.
        return item is null || item.Item.State.Stage != ticket.Stage ? null : await work.Executor.RunAsync(ticket.Stage, item, options, called);
    }

    /// <summary>The report is repeated until the silo that sent the item has it; where that cannot be reached it is gone, and the item is leased anew.</summary>
    private async Task TellAsync(LaneReport report, ILaneListener listener)
    {
        for (var attempt = 1; attempt <= TellAttempts; attempt++)
        {
            try
            {
                await listener.ToldAsync(report);
                return;
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException or IOException)
            {
                if (attempt == TellAttempts)
                {
                    LogUntold(log, report.Stage.Name(), report.Item, exception.Message);
                    return;
                }

                await Task.Delay(TellPause, work.Parts.Time);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Stage {Stage} met a surprise on item {Item}.")]
    private static partial void LogTrouble(ILogger logger, string stage, long item, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Nobody could be told how {Stage} went on item {Item} ({Reason}); it is done again.")]
    private static partial void LogUntold(ILogger logger, string stage, long item, string reason);
}
