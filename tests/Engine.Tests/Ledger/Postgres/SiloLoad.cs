using System.Collections.Concurrent;
using Dapper;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;
using Npgsql;

namespace MedGenCluster.Engine.Tests.Ledger.Postgres;

/// <summary>Silos that work a job off: each leases items and brings them through their stages, keeping the lease.</summary>
/// <param name="active">Tells whether work is left.</param>
internal sealed class SiloLoad(long job, Func<bool> active)
{
    private const int Workers = 4;

    private readonly ConcurrentDictionary<long, string> _held = new();
    private readonly ConcurrentBag<string> _faults = [];

    /// <summary>Whatever must not happen and did.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public Task RunAsync(ILedger ledger, string owner) => Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkAsync(ledger, owner))));

    /// <summary>Nothing is left of a job, nothing was done twice, and all counts agree.</summary>
    public static void AssertAllDoneOnce(NpgsqlConnection connection, int videos, int clips)
    {
        LedgerAudit.Check(connection);
        Assert.Empty(connection.Query("SELECT id FROM item WHERE outcome IN (0, 1) OR lease_owner IS NOT NULL"));
        Assert.Equal((videos, videos * clips), connection.QuerySingle<(long, long)>("SELECT COUNT(*) FILTER (WHERE kind = 1), COUNT(*) FILTER (WHERE kind = 2) FROM item"));
        Assert.Empty(connection.Query("SELECT item, stage FROM decision GROUP BY item, stage HAVING COUNT(*) <> 1"));
        foreach (var span in new[] { 60, 3600 })
        {
            Assert.Equal(connection.ExecuteScalar<long>("SELECT COUNT(*) FROM decision"), connection.ExecuteScalar<long>($"SELECT CAST(SUM(passed + rejected + failed) AS BIGINT) FROM throughput WHERE span = {span}"));
        }
    }

    private async Task WorkAsync(ILedger ledger, string owner)
    {
        while (active())
        {
            foreach (var kind in new[] { ItemKind.Clip, ItemKind.Video })
            {
                var leased = (await ledger.LeaseSliceAsync(job, ShardSlots.All, kind, 5, owner, LedgerBench.Lease)).Items;
                foreach (var item in leased)
                {
                    Note(_held.TryAdd(item.Item.Seq, owner), $"{item.Item.Id} was leased twice");
                }

                foreach (var item in leased)
                {
                    await CarryAsync(ledger, item, owner);
                }
            }
        }
    }

    private async Task CarryAsync(ILedger ledger, LeasedItem item, string owner)
    {
        while (true)
        {
            // Every seventh clip is rejected in the end: reasons have tallies of their own.
            var completion = item.Item is { Kind: ItemKind.Clip, State.Stage: Curation.Domain.StageId.Joint } && item.Item.Seq % 7 == 0 ? LedgerBench.Rejected(item) : LedgerBench.Passed(item, clips: 3);
            var last = completion.Transition.State.Outcome != Outcome.Active;
            if (last)
            {
                _held.TryRemove(item.Item.Seq, out var holder);
                Note(holder == owner, $"{item.Item.Id} was held by {holder} and completed by {owner}");
            }

            var report = await ledger.CompleteAsync([completion], owner, LedgerBench.Lease);
            Note(report.Lost.Count == 0, $"{owner} lost {item.Item.Id}");
            if (report.Settled.Count > 0)
            {
                await ledger.SettleVideosAsync(report.Settled);
            }

            if (last)
            {
                return;
            }

            item = (await ledger.LoadAsync(item.Item.Seq))!;
        }
    }

    private void Note(bool holds, string fault)
    {
        if (!holds)
        {
            _faults.Add(fault);
        }
    }
}
