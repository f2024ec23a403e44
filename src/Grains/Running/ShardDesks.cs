using System.Collections.Concurrent;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Grains.Contracts;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Grains.Running;

/// <summary>The desks of this silo's shards. Keeps the leases of all that is in flight, and gives back what nobody works on any more.</summary>
internal sealed partial class ShardDesks(SiloWork work, IGrainFactory grains, ILogger<ShardDesks> log)
{
    private readonly ConcurrentDictionary<string, ShardDesk> _desks = new(StringComparer.Ordinal);
    private readonly HashSet<(long Item, long Number)> _seen = [];

    public ShardDesk Of(string shard) => _desks.GetOrAdd(shard, _ => new ShardDesk());

    /// <summary>Tells the shard that its item has come to an end: here, or where its desk is.</summary>
    public void End(ItemTicket ticket)
    {
        if (!(_desks.TryGetValue(ticket.Shard, out var desk) && desk.End(ticket.Item, ticket.Number)) && ticket.Owner != work.Owner)
        {
            grains.GetGrain<IShardGrain>(ticket.Shard).EndedAsync(ticket.Item, ticket.Number).Ignore();
        }
    }

    public async Task KeepAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(work.Parts.Options.Lease / 3, work.Parts.Time);
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
        {
            try
            {
                foreach (var (shard, desk) in _desks)
                {
                    await LookAfterAsync(shard, desk).ConfigureAwait(false);
                }

                var inFlight = _desks.Values.SelectMany(desk => desk.All()).Select(begun => (begun.Item, begun.Number)).ToHashSet();
                _seen.IntersectWith(inFlight);
                var renewed = inFlight.Select(begun => begun.Item).ToList();
                if (renewed.Count > 0)
                {
                    await work.Ledger.RenewAsync(renewed, work.Owner, work.Parts.Options.Lease).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (!stop.IsCancellationRequested)
            {
                // If a lease is lost before the next renewal the result is dropped, and the work is done again.
                LogTrouble(log, exception);
            }
        }
    }

    /// <summary>An item that was in flight a while ago and that no grain works on is not waited for: its grain was on a silo that died.</summary>
    private async Task LookAfterAsync(string shard, ShardDesk desk)
    {
        foreach (var (item, number, kind) in desk.All())
        {
            if (_seen.Add((item, number)) || work.Runs.ContainsKey((item, number)))
            {
                continue;
            }

            IItemGrain grain = kind == ItemKind.Clip ? grains.GetGrain<IClipGrain>(item) : grains.GetGrain<IVideoGrain>(item);
            if ((await grain.StatusAsync(CancellationToken.None).ConfigureAwait(false)).Number != number)
            {
                LogLost(log, item, shard);
                await work.Ledger.ReleaseAsync([item], work.Owner, TimeSpan.Zero).ConfigureAwait(false);
                desk.End(item, number);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Nobody works on item {Item} of shard {Shard} any more; it is due again.")]
    private static partial void LogLost(ILogger logger, long item, string shard);

    [LoggerMessage(LogLevel.Error, "Leases could not be renewed; tried again.")]
    private static partial void LogTrouble(ILogger logger, Exception exception);
}
