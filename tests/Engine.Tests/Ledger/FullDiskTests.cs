using Dapper;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Ledger;

/// <summary>The ledger on a disk without room.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task The_ledger_waits_for_room_says_so_and_stays_readable()
    {
        await using var bench = LedgerBench.OnDisk();
        var job = await bench.JobAsync(videos: 10);
        var pages = bench.Sqlite.Writer.ExecuteScalar<long>("PRAGMA page_count");
        bench.Sqlite.Writer.Execute($"PRAGMA max_page_count = {pages + 5}");
        var more = bench.Ledger.AddVideosAsync(job.Id, [.. Enumerable.Range(10, 1000).Select(i => LedgerBench.Video(i))], []);
        await bench.Time.WhenWaitingAsync(delay => delay > TimeSpan.Zero);

        Assert.Contains("Free some space", bench.Ledger.Stalled);
        Assert.Equal(10, bench.Ledger.Items(new ItemQuery()).Count());
        Assert.Equal(10, bench.Ledger.Pending(job.Id, StageId.Screen));

        bench.Sqlite.Writer.Execute("PRAGMA max_page_count = 1000000");
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1000, await more.Soon());
        Assert.Equal(1010, bench.Ledger.Pending(job.Id, StageId.Screen));
        Assert.Null(bench.Ledger.Stalled);
        bench.Audit();
    }
}
