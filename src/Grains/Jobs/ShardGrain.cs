using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting.Placement;
using MedGenCluster.Grains.Running;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace MedGenCluster.Grains.Jobs;

/// <inheritdoc cref="IShardGrain"/>
/// <remarks>Clips come before videos: what is begun is ended first, and little is in flight. When another silo is the place of the shard (one has joined), it leases nothing more and is
/// activated there as soon as nothing is in flight.</remarks>
[CpuPlacementFilter, ShardPlacement, Reentrant]
internal sealed partial class ShardGrain(SiloWork work, ShardHome home, ILogger<ShardGrain> log) : Grain, IShardGrain
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Trouble = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Orphaned = TimeSpan.FromMinutes(1);

    private readonly Dictionary<long, (long Number, ItemKind Kind)> _inFlight = [];
    private readonly Wake _wake = new();
    private ShardOrder? _order;
    private Task? _pump;
    private long _ordered;
    private int _videos;

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
            _wake.Signal();
        }

        return Task.FromResult(new ShardStatus(_inFlight.Count, work.Parts.Settings.SiloName));
    }

    public Task NudgeAsync()
    {
        _wake.Signal();
        return Task.CompletedTask;
    }

    public Task EndedAsync(long item, long number)
    {
        if (_inFlight.TryGetValue(item, out var begun) && begun.Number == number)
        {
            _inFlight.Remove(item);
            if (begun.Kind == ItemKind.Video)
            {
                // Its clips may be due now.
                _videos--;
            }

            _wake.Signal();
        }

        return Task.CompletedTask;
    }

    /// <summary>Leases and begins until it is told to stop, the silo drains, or another silo is its place.</summary>
    private async Task PumpAsync()
    {
        using var stopRenewing = new CancellationTokenSource();
        var renewing = RenewAsync(stopRenewing.Token);
        try
        {
            while (Works())
            {
                var wake = _wake.Next;
                TimeSpan rest;
                try
                {
                    rest = await FillAsync(_order!);
                }
                catch (Exception exception)
                {
                    LogTrouble(log, this.GetPrimaryKeyString(), exception);
                    rest = Trouble;
                }

                if (rest > TimeSpan.Zero)
                {
                    await WaitAsync(wake, rest);
                }
            }

            while (_inFlight.Count > 0 && !work.Stopping.IsCancellationRequested)
            {
                await WaitAsync(_wake.Next, LongestRest);
            }
        }
        finally
        {
            await stopRenewing.CancelAsync();
            await renewing;
            DeactivateOnIdle();
        }
    }

    /// <summary>A job's grain that is silent has died with its silo, and what it last said may not hold any more.</summary>
    private bool Works() => _order is { Running: true } && !work.Draining.IsCancellationRequested && home.IsHere(this.GetPrimaryKeyString())
        && work.Parts.Time.GetElapsedTime(_ordered) < Orphaned;

    /// <returns>How long nothing more can be begun, unless woken; zero where more may be due.</returns>
    private async Task<TimeSpan> FillAsync(ShardOrder order)
    {
        var clips = order.Clips - (_inFlight.Count - _videos);
        var begun = clips <= 0 ? Begun.None : await BeginAsync(order, ItemKind.Clip, clips);
        var videos = order.Videos - _videos;
        var rest = begun.Rest;
        if (videos > 0 && !order.VideosWait)
        {
            var more = await BeginAsync(order, ItemKind.Video, videos);
            rest = more.Rest < rest ? more.Rest : rest;
            begun = begun with { Full = begun.Full && more.Full };
        }

        return rest;
    }

    private readonly record struct Begun(bool Full, TimeSpan Rest)
    {
        public static readonly Begun None = new(true, LongestRest);
    }

    private async Task<Begun> BeginAsync(ShardOrder order, ItemKind kind, int room)
    {
        var (items, nextDue) = await work.Ledger.LeaseSliceAsync(order.Job, new ShardSlots(order.FirstSlot, order.EndSlot), kind, room, work.Owner, work.Parts.Options.Lease);
        foreach (var leased in items)
        {
            await BeginAsync(order, leased, kind);
        }

        if (items.Count == room)
        {
            return Begun.None;
        }

        // A video that ends, a listing or another silo may make something due: woken, or looked at again soon.
        var rest = nextDue is { } due ? due - work.Parts.Time.GetUtcNow() : LongestRest;
        return new Begun(false, TimeSpan.FromMilliseconds(Math.Clamp(rest.TotalMilliseconds, 20, LongestRest.TotalMilliseconds)));
    }

    private async Task BeginAsync(ShardOrder order, LeasedItem leased, ItemKind kind)
    {
        var ticket = new ItemTicket(work.Owner, work.NextNumber(), leased.Item.Seq, order.Job, this.GetPrimaryKeyString(), order.Options);
        work.Leases.Put(leased);
        _inFlight[ticket.Item] = (ticket.Number, kind);
        _videos += kind == ItemKind.Video ? 1 : 0;
        IItemGrain grain = kind == ItemKind.Clip ? GrainFactory.GetGrain<IClipGrain>(ticket.Item) : GrainFactory.GetGrain<IVideoGrain>(ticket.Item);
        try
        {
            if (await grain.StartAsync(ticket, CancellationToken.None))
            {
                return;
            }
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or IOException)
        {
            LogTrouble(log, this.GetPrimaryKeyString(), exception);
        }

        // An older operation of the item has not seen yet that its lease was lost.
        work.Leases.Remove(ticket.Item);
        await work.Ledger.ReleaseAsync([ticket.Item], work.Owner, Trouble);
        await EndedAsync(ticket.Item, ticket.Number);
    }

    private async Task RenewAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(work.Parts.Options.Lease / 3, work.Parts.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (_inFlight.Count == 0)
                {
                    continue;
                }

                try
                {
                    await work.Ledger.RenewAsync([.. _inFlight.Keys], work.Owner, work.Parts.Options.Lease);
                    await LookAfterAsync();
                }
                catch (Exception exception) when (!stop.IsCancellationRequested)
                {
                    // If a lease is lost before the next renewal the result is dropped, and the work is done again.
                    LogTrouble(log, this.GetPrimaryKeyString(), exception);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>A grain that does not work on its item any more and has not said so (its silo died) is not waited for.</summary>
    private async Task LookAfterAsync()
    {
        foreach (var (item, (number, kind)) in _inFlight.ToList())
        {
            IItemGrain grain = kind == ItemKind.Clip ? GrainFactory.GetGrain<IClipGrain>(item) : GrainFactory.GetGrain<IVideoGrain>(item);
            if (!(await grain.StatusAsync(CancellationToken.None)).Running)
            {
                await work.Ledger.ReleaseAsync([item], work.Owner, TimeSpan.Zero);
                await EndedAsync(item, number);
            }
        }
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
