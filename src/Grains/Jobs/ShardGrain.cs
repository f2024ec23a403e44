using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting.Placement;
using MedGenCluster.Grains.Running;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Grains.Jobs;

/// <inheritdoc cref="IShardGrain"/>
/// <remarks>Clips come before videos: what is begun is ended first, and little is in flight. When another silo is the place of the shard (one has joined), it leases nothing more and
/// moves there as soon as nothing is in flight.</remarks>
[CpuPlacementFilter, ShardPlacement, Reentrant]
internal sealed partial class ShardGrain(SiloWork work, ShardDesks desks, ShardHome home, IGrainFactory grains, ILogger<ShardGrain> log) : Grain, IShardGrain
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Trouble = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Orphaned = TimeSpan.FromMinutes(1);

    private ShardDesk _desk = null!;
    private string _key = "";
    private ShardOrder? _order;
    private Task? _pump;
    private long _ordered;
    private bool _filling;
    private bool _over;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = this.GetPrimaryKeyString();
        _desk = desks.Of(_key);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _over = true;
        _desk.Wake.Signal();
        return Task.CompletedTask;
    }

    public Task<ShardStatus> EnsureAsync(ShardOrder order, CancellationToken cancellationToken)
    {
        var changed = order != _order;
        _order = order;
        _ordered = work.Parts.Time.GetTimestamp();
        if (order.Running && _pump is null or { IsCompleted: true })
        {
            DelayDeactivation(TimeSpan.FromDays(1));
            _pump = PumpAsync();
        }

        if (changed)
        {
            _desk.Wake.Signal();
        }

        // What is being leased right now is in flight too: whoever holds the job waits for it.
        return Task.FromResult(new ShardStatus(_desk.Count + (_filling ? 1 : 0), work.Parts.Settings.SiloName));
    }

    public Task NudgeAsync()
    {
        _desk.Wake.Signal();
        return Task.CompletedTask;
    }

    public Task EndedAsync(long item, long number)
    {
        _desk.End(item, number);
        return Task.CompletedTask;
    }

    /// <summary>Leases and begins until it is told to stop, the silo drains, or another silo is its place.</summary>
    private async Task PumpAsync()
    {
        while (Works())
        {
            var wake = _desk.Wake.Next;
            TimeSpan rest;
            try
            {
                _filling = true;
                rest = await FillAsync(_order!);
            }
            catch (Exception exception) when (!_over)
            {
                LogTrouble(log, _key, exception);
                rest = Trouble;
            }
            finally
            {
                _filling = false;
            }

            if (rest > TimeSpan.Zero)
            {
                await WaitAsync(wake, rest);
            }
        }

        while (_desk.Count > 0 && !_over && !work.Stopping.IsCancellationRequested)
        {
            await WaitAsync(_desk.Wake.Next, LongestRest);
        }

        if (home.IsHere(_key))
        {
            GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The shard has nothing to do here."));
        }
        else
        {
            // It must be moved: whoever calls a shard that has only gone may remember that it was here, and it would be activated here again at every call.
            GrainContext.Migrate(null);
        }
    }

    /// <summary>A job's grain that is silent has died with its silo, and what it last said may not hold any more.</summary>
    private bool Works() => _order is { Running: true } && !_over && !work.Draining.IsCancellationRequested && home.IsHere(_key) && work.Parts.Time.GetElapsedTime(_ordered) < Orphaned;

    /// <returns>How long nothing more can be begun, unless woken.</returns>
    private async Task<TimeSpan> FillAsync(ShardOrder order)
    {
        var rest = await BeginAsync(order, ItemKind.Clip, order.Clips - _desk.InFlight.Clips);
        if (!order.VideosWait)
        {
            var other = await BeginAsync(order, ItemKind.Video, order.Videos - _desk.InFlight.Videos);
            rest = other < rest ? other : rest;
        }

        return rest;
    }

    private async Task<TimeSpan> BeginAsync(ShardOrder order, ItemKind kind, int room)
    {
        if (room <= 0)
        {
            return LongestRest;
        }

        var (items, nextDue) = await work.Ledger.LeaseSliceAsync(order.Job, new ShardSlots(order.FirstSlot, order.EndSlot), kind, room, work.Owner, work.Parts.Options.Lease);
        foreach (var leased in items)
        {
            await BeginAsync(order, leased, kind);
        }

        if (items.Count == room)
        {
            return LongestRest;
        }

        // A video that ends, a listing or another silo may make something due: woken, or looked at again soon.
        var rest = nextDue is { } due ? due - work.Parts.Time.GetUtcNow() : LongestRest;
        return TimeSpan.FromMilliseconds(Math.Clamp(rest.TotalMilliseconds, 20, LongestRest.TotalMilliseconds));
    }

    private async Task BeginAsync(ShardOrder order, LeasedItem leased, ItemKind kind)
    {
        var ticket = new ItemTicket(work.Owner, work.NextNumber(), leased.Item.Seq, order.Job, _key, order.Options);
        work.Leases.Put(leased);
        _desk.Begin(ticket.Item, ticket.Number, kind);
        IItemGrain grain = kind == ItemKind.Clip ? grains.GetGrain<IClipGrain>(ticket.Item) : grains.GetGrain<IVideoGrain>(ticket.Item);
        try
        {
            if (await grain.StartAsync(ticket, CancellationToken.None))
            {
                return;
            }
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or IOException)
        {
            LogTrouble(log, _key, exception);
        }

        // An older operation of the item has not seen yet that its lease was lost.
        work.Leases.Remove(ticket.Item);
        await work.Ledger.ReleaseAsync([ticket.Item], work.Owner, Trouble);
        _desk.End(ticket.Item, ticket.Number);
    }

    private async Task WaitAsync(Task wake, TimeSpan rest)
    {
        try
        {
            await wake.WaitAsync(rest, work.Parts.Time, work.Draining.IsCancellationRequested ? CancellationToken.None : work.Draining);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
        }
    }

    [LoggerMessage(LogLevel.Error, "Shard {Shard} met a surprise; it goes on.")]
    private static partial void LogTrouble(ILogger logger, string shard, Exception exception);
}
