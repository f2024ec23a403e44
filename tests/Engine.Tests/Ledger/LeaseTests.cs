using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Ledger;

/// <summary>Who may work on what, and until when.</summary>
public sealed class LeaseTests
{
    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task No_item_is_handed_out_twice_while_it_is_leased(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 100);

        var leases = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => bench.LeaseAsync(StageId.Screen, job.Id, max: 7, owner: "worker " + i))).Soon();

        var handedOut = leases.SelectMany(items => items).Select(item => item.Item.Id).ToList();
        Assert.Equal(100, handedOut.Count);
        Assert.Equal(100, handedOut.Distinct().Count());
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_lease_that_runs_out_brings_the_item_back(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        await bench.LeaseAsync(StageId.Screen, job.Id, owner: "dead");

        bench.Time.Advance(LedgerBench.Lease - TimeSpan.FromMilliseconds(1));
        var early = await bench.Ledger.LeaseAsync(StageId.Screen, [job.Id], 10, "me", LedgerBench.Lease);
        bench.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Empty(early.Items);
        Assert.Equal(bench.Time.GetUtcNow(), early.NextDue);
        Assert.Single(await bench.LeaseAsync(StageId.Screen, job.Id));
    }

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task The_result_of_a_lost_lease_is_dropped(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        var slow = Assert.Single(await bench.LeaseAsync(StageId.Screen, job.Id, owner: "slow"));
        bench.Time.Advance(LedgerBench.Lease);
        var quick = Assert.Single(await bench.LeaseAsync(StageId.Screen, job.Id, owner: "quick"));

        await bench.Ledger.CompleteAsync([LedgerBench.Rejected(slow)], "slow");
        await bench.Ledger.CompleteAsync([LedgerBench.Passed(quick)], "quick");
        await bench.Ledger.CompleteAsync([LedgerBench.Rejected(slow)], "slow");

        Assert.Equal(LifeState.At(StageId.Fetch), (await bench.Ledger.FindAsync(slow.Item.Id))!.State);
        Assert.Equal(DecisionVerdict.Passed, Assert.Single(bench.Ledger.Trail(slow.Item.Seq)).Decision.Verdict);
        bench.Audit();
    }

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task A_result_that_is_stored_twice_counts_once(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        await bench.SegmentAsync(job.Id, clips: 2);
        var leased = await bench.LeaseAsync(StageId.Cut, job.Id);

        await bench.Ledger.CompleteAsync([LedgerBench.Rejected(leased[0])], "me");
        await bench.Ledger.CompleteAsync([LedgerBench.Rejected(leased[0])], "me");

        Assert.Single(bench.Ledger.Trail(leased[0].Item.Seq));
        bench.Audit();
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_renewed_lease_lasts_from_its_renewal(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 2);
        var leased = await bench.LeaseAsync(StageId.Screen, job.Id);
        bench.Time.Advance(LedgerBench.Lease / 2);

        await bench.Ledger.RenewAsync([leased[0].Item.Seq], "me", LedgerBench.Lease);
        await bench.Ledger.RenewAsync([leased[1].Item.Seq], "somebody else", LedgerBench.Lease);
        bench.Time.Advance(LedgerBench.Lease / 2);

        Assert.Equal([leased[1].Item.Id], (await bench.LeaseAsync(StageId.Screen, job.Id, owner: "other")).Select(item => item.Item.Id));
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_released_item_comes_back_at_once_or_after_its_delay(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 3);
        var leased = await bench.LeaseAsync(StageId.Screen, job.Id);

        await bench.Ledger.ReleaseAsync([leased[0].Item.Seq], "me", TimeSpan.Zero);
        await bench.Ledger.ReleaseAsync([leased[1].Item.Seq], "me", TimeSpan.FromSeconds(5));
        await bench.Ledger.ReleaseAsync([leased[2].Item.Seq], "somebody else", TimeSpan.Zero);

        Assert.Equal([leased[0].Item.Id], (await bench.LeaseAsync(StageId.Screen, job.Id, owner: "other")).Select(item => item.Item.Id));
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        var later = Assert.Single(await bench.LeaseAsync(StageId.Screen, job.Id, owner: "other"));
        Assert.Equal((leased[1].Item.Id, 0), (later.Item.Id, later.Item.State.Attempts));
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_delayed_attempt_is_due_at_its_time(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        var due = bench.Time.GetUtcNow().AddSeconds(90);
        var leased = Assert.Single(await bench.LeaseAsync(StageId.Screen, job.Id));
        await bench.Ledger.CompleteAsync([LedgerBench.Failed(leased, retryable: true, TimeSpan.FromSeconds(90))], "me");

        Assert.Equal(due, (await bench.Ledger.LeaseAsync(StageId.Screen, [job.Id], 10, "me", LedgerBench.Lease)).NextDue);
        bench.Time.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(1, Assert.Single(await bench.LeaseAsync(StageId.Screen, job.Id)).Item.State.Attempts);
    }

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task The_holder_of_the_lock_takes_back_what_others_held(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 3);
        await bench.LeaseAsync(StageId.Screen, job.Id, max: 2, owner: "dead");
        await bench.LeaseAsync(StageId.Screen, job.Id, max: 1, owner: "me");

        await bench.ReopenAsync();

        Assert.Equal(2, await bench.Ledger.ReclaimAsync(["me"]));
        Assert.Equal(2, (await bench.LeaseAsync(StageId.Screen, job.Id)).Count);
        Assert.Equal(0, await bench.Ledger.ReclaimAsync(["me"]));
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task Taking_back_leases_leaves_retry_delays_alone(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        var leased = Assert.Single(await bench.LeaseAsync(StageId.Screen, job.Id, owner: "dead"));
        await bench.Ledger.CompleteAsync([LedgerBench.Failed(leased, retryable: true, TimeSpan.FromSeconds(90))], "dead");

        Assert.Equal(0, await bench.Ledger.ReclaimAsync(["me"]));
        Assert.Empty(await bench.LeaseAsync(StageId.Screen, job.Id));
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task Jobs_are_served_in_turn(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var first = await bench.JobAsync(videos: 100);
        var second = await bench.JobAsync(videos: 100, from: 100);

        var served = new List<long>();
        for (var i = 0; i < 6; i++)
        {
            served.AddRange((await bench.Ledger.LeaseAsync(StageId.Screen, [first.Id, second.Id], 5, "me", LedgerBench.Lease)).Items.Select(item => item.Item.Job));
        }

        Assert.Equal(15, served.Count(job => job == first.Id));
        Assert.Equal(15, served.Count(job => job == second.Id));
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_batch_is_filled_from_every_job(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var first = await bench.JobAsync(videos: 3);
        var second = await bench.JobAsync(videos: 100, from: 100);

        Assert.Equal(50, (await bench.Ledger.LeaseAsync(StageId.Screen, [first.Id, second.Id], 50, "me", LedgerBench.Lease)).Items.Count);
        Assert.Equal(53, (await bench.Ledger.LeaseAsync(StageId.Screen, [first.Id, second.Id], 99, "me", LedgerBench.Lease)).Items.Count);
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_job_that_is_not_asked_for_is_not_served(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        await bench.JobAsync(videos: 3);
        var other = await bench.JobAsync(videos: 1, from: 100);

        Assert.Equal([other.Id], (await bench.LeaseAsync(StageId.Screen, other.Id)).Select(item => item.Item.Job));
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_leased_clip_comes_with_its_measurements_and_its_video(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        await bench.SegmentAsync(job.Id, clips: 1);
        await bench.PassAsync(StageId.Cut, job.Id);

        var clip = Assert.Single(await bench.LeaseAsync(StageId.Caption, job.Id));

        Assert.Equal(0.5, clip.Measurements[StageId.Cut]!.Scores["score"]);
        Assert.Equal("""{"seen":true}""", clip.Measurements[StageId.Cut]!.Data);
        Assert.Null(clip.Measurements[StageId.Caption]);
        Assert.Equal(LedgerBench.Video(0).Id.Value, clip.Parent!.Item.Id);
        Assert.NotNull(clip.Parent.Measurements[StageId.Probe]);
    }
}
