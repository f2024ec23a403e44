using MedGenCluster.Engine.Ledger;
using MedGenCluster.Grains.Lanes;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Grains.Running;

/// <summary>Follows the membership: the leases of silos that are gone are freed at once, and lanes are found anew.</summary>
internal sealed partial class ClusterWatch(ILedger ledger, IClusterMembershipService membership, ILocalSiloDetails local, LaneRouter router, ILogger<ClusterWatch> log)
{
    public async Task KeepAsync(Action changed, CancellationToken stop)
    {
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stop).ConfigureAwait(false))
        {
            router.Refresh();
            await ReclaimAsync(snapshot, stop).ConfigureAwait(false);
            changed();
        }
    }

    /// <summary>Owners of leases are silo addresses with the moment of their start, so that one that has come back is another.</summary>
    private async Task ReclaimAsync(ClusterMembershipSnapshot snapshot, CancellationToken stop)
    {
        var living = snapshot.Members.Values.Where(member => member.Status is not (SiloStatus.Dead or SiloStatus.None)).Select(member => member.SiloAddress)
            .Append(local.SiloAddress).Select(address => address.ToParsableString()).Distinct().ToList();
        while (true)
        {
            try
            {
                var freed = await ledger.ReclaimAsync(living).ConfigureAwait(false);

                // A silo may have died between the end of a video's last clip and the video's own.
                await ledger.SettleVideosAsync(null).ConfigureAwait(false);
                if (freed > 0)
                {
                    LogFreed(log, freed);
                }

                return;
            }
            catch (LedgerException exception) when (!stop.IsCancellationRequested)
            {
                LogTrouble(log, exception);
                await Task.Delay(TimeSpan.FromSeconds(1), stop).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "{Freed} items of silos that are gone are due again.")]
    private static partial void LogFreed(ILogger logger, int freed);

    [LoggerMessage(LogLevel.Error, "The leases of silos that are gone could not be freed yet; tried again.")]
    private static partial void LogTrouble(ILogger logger, Exception exception);
}
