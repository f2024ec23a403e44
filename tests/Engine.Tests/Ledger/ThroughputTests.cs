using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Ledger;

/// <summary>What stages finished is counted in its minute and in its hour, once.</summary>
public sealed class ThroughputTests
{
    private const int Minute = 60;
    private const int Hour = 3600;

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task Every_verdict_is_counted_with_its_share_of_the_time(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 6);
        var leased = await bench.LeaseAsync(StageId.Screen, job.Id);

        await bench.Ledger.CompleteAsync(
            [
                .. leased.Take(3).Select(item => LedgerBench.Passed(item) with { Seconds = 0.5 }),
                .. leased.Skip(3).Take(2).Select(item => LedgerBench.Rejected(item) with { Seconds = 0.25 }),
                LedgerBench.Failed(leased[5], retryable: true) with { Seconds = 2 },
            ],
            "me");

        var start = bench.Time.GetUtcNow().ToUnixTimeSeconds();
        var expected = new ThroughputRow(start, StageId.Screen, job.Id, 3, 2, 1, 4);
        Assert.Equal([expected], bench.Ledger.Throughput(Minute, 0, null));
        Assert.Equal([expected], bench.Ledger.Throughput(Hour, 0, null));
    }

    [Theory]
    [InlineData(Database.Memory, Minute)]
    [InlineData(Database.Memory, Hour)]
    [InPostgres(Minute)]
    [InPostgres(Hour)]
    public async Task A_span_begins_with_its_first_millisecond_and_ends_before_the_next(Database database, int span)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 3);
        var start = bench.Time.GetUtcNow().ToUnixTimeSeconds();

        await bench.PassAsync(StageId.Screen, job.Id, max: 1);
        bench.Time.Advance(TimeSpan.FromSeconds(span) - TimeSpan.FromMilliseconds(1));
        await bench.PassAsync(StageId.Screen, job.Id, max: 1);
        bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        await bench.PassAsync(StageId.Screen, job.Id, max: 1);

        Assert.Equal([(start, 2L), (start + span, 1L)], bench.Ledger.Throughput(span, 0, null).Select(row => (row.Start, row.Passed)));
        Assert.Equal(start + span, Assert.Single(bench.Ledger.Throughput(span, start + 1, null)).Start);
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task Minutes_add_up_to_their_hours(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var jobs = new[] { await bench.JobAsync(videos: 60), await bench.JobAsync(videos: 60, from: 100) };
        var random = new Random(20250708);
        foreach (var _ in Enumerable.Range(0, 60))
        {
            foreach (var job in jobs)
            {
                var leased = await bench.LeaseAsync(random.Next(2) == 0 ? StageId.Screen : StageId.Fetch, job.Id, max: random.Next(1, 4));
                await bench.Ledger.CompleteAsync([.. leased.Select(item => (random.Next(4) == 0 ? LedgerBench.Rejected(item) : LedgerBench.Passed(item)) with { Seconds = random.Next(8) / 4.0 })], "me");
            }

            bench.Time.Advance(TimeSpan.FromSeconds(random.Next(1, 600)));
        }

        var minutes = bench.Ledger.Throughput(Minute, 0, null);
        var hours = bench.Ledger.Throughput(Hour, 0, null);
        var summed = minutes.GroupBy(row => (Start: row.Start / Hour * Hour, row.Stage, row.Job)).OrderBy(hour => hour.Key)
            .Select(hour => new ThroughputRow(hour.Key.Start, hour.Key.Stage, hour.Key.Job, hour.Sum(row => row.Passed), hour.Sum(row => row.Rejected), hour.Sum(row => row.Failed), hour.Sum(row => row.Busy)));
        Assert.True(hours.Count > 8 && minutes.Count > hours.Count);
        Assert.Equal(summed, hours);
        Assert.Equal(hours.Where(row => row.Job == jobs[1].Id), bench.Ledger.Throughput(Hour, 0, jobs[1].Id));
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_result_whose_lease_was_lost_is_not_counted(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 4);
        var slow = await bench.LeaseAsync(StageId.Screen, job.Id, owner: "slow");
        bench.Time.Advance(LedgerBench.Lease);
        await bench.PassAsync(StageId.Screen, job.Id);

        await bench.Ledger.CompleteAsync([.. slow.Select(item => LedgerBench.Passed(item))], "slow");

        Assert.Equal(4, bench.Ledger.Throughput(Hour, 0, null).Sum(row => row.Finished));
    }

    [Theory]
    [InlineData(Database.Memory)]
    public async Task What_is_rolled_back_and_written_again_is_counted_once(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 4);
        await bench.SegmentAsync(job.Id, clips: 1);
        var leased = await bench.LeaseAsync(StageId.Cut, job.Id);
        using var gate = new ManualResetEventSlim();
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // A ledger in memory is read by its writer: that waits inside the reading, and what comes meanwhile shares the next transaction.
        var reading = bench.Ledger.ReadClipsAsync(null, _ =>
        {
            inside.TrySetResult();
            Assert.True(gate.Wait(Patience.Limit));
        });
        await inside.Task.Soon();
        var completing = bench.Ledger.CompleteAsync([.. leased.Select(item => LedgerBench.Passed(item) with { Seconds = 1 })], "me");
        var refused = bench.Ledger.EditCaptionAsync(leased[0].Item.Seq, "brief", "detailed", "somebody");
        gate.Set();
        await reading.Soon();
        await completing.Soon();
        await Assert.ThrowsAsync<LedgerException>(() => refused.Soon());

        foreach (var span in new[] { Minute, Hour })
        {
            var cut = Assert.Single(bench.Ledger.Throughput(span, 0, null), row => row.Stage == StageId.Cut);
            Assert.Equal((4, 0, 0, 4.0), (cut.Passed, cut.Rejected, cut.Failed, cut.Busy));
        }
    }

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task Minutes_are_dropped_after_seven_days_and_hours_are_kept(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 4);
        var first = bench.Time.GetUtcNow().ToUnixTimeSeconds();
        await bench.PassAsync(StageId.Screen, job.Id, max: 1);
        bench.Time.Advance(TimeSpan.FromMinutes(2));
        await bench.PassAsync(StageId.Screen, job.Id, max: 1);

        // Two minutes more than seven days after the first; exactly seven after the second.
        bench.Time.Advance(TimeSpan.FromDays(7));
        await bench.PassAsync(StageId.Screen, job.Id, max: 1);
        Assert.Equal([120L, 120 + (7 * 24 * 3600)], bench.Ledger.Throughput(Minute, 0, null).Select(row => row.Start - first));

        await bench.ReopenAsync();
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        await bench.PassAsync(StageId.Screen, job.Id, max: 1);
        Assert.Equal([7 * 24 * 3600L + 120, (7 * 24 * 3600) + 180], bench.Ledger.Throughput(Minute, 0, null).Select(row => row.Start - first));
        Assert.Equal([(0L, 2L), (7 * 24 * 3600, 2)], bench.Ledger.Throughput(Hour, 0, null).Select(row => (row.Start - first, row.Passed)));
    }
}
