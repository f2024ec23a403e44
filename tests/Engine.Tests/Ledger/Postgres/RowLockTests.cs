using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Services;
using MedGenCluster.Engine.Tests.Support;
using Npgsql;

namespace MedGenCluster.Engine.Tests.Ledger.Postgres;

/// <summary>Another silo is in the middle of a transaction, played by the test.</summary>
public sealed class RowLockTests
{
    [PostgresFact]
    public async Task An_item_that_another_silo_is_taking_is_passed_over_without_waiting()
    {
        await using var bench = await LedgerBench.OpenAsync(Database.Postgres);
        var job = await bench.JobAsync(videos: 3);
        var videos = bench.Ledger.Items(new ItemQuery()).OrderBy(video => video.Seq).ToList();
        using var other = bench.Connect();
        using var taking = other.BeginTransaction();
        Execute(other, taking, $"UPDATE item SET lease_owner = 'other', due_at = due_at + 9000000000000 WHERE seq = {videos[0].Seq}");

        Assert.Equal([videos[1].Id], (await bench.LeaseAsync(StageId.Screen, job.Id, max: 1).Soon()).Select(item => item.Item.Id));
        Assert.Equal([videos[2].Id], (await bench.Ledger.LeaseSliceAsync(job.Id, ShardSlots.All, ItemKind.Video, 9, "me", LedgerBench.Lease).Soon()).Items.Select(item => item.Item.Id));

        taking.Commit();
        Assert.Empty(await bench.LeaseAsync(StageId.Screen, job.Id));
    }

    [PostgresFact]
    public async Task A_video_that_another_silo_is_settling_is_not_counted_again()
    {
        await using var bench = await LedgerBench.OpenAsync(Database.Postgres);
        var job = await bench.JobAsync(videos: 1);
        foreach (var stage in StageOrder.Video.Stages)
        {
            await bench.Ledger.CompleteAsync([.. (await bench.LeaseAsync(stage, job.Id)).Select(item => LedgerBench.Passed(item))], "me");
        }

        using var other = bench.Connect();
        using var settling = other.BeginTransaction();
        Execute(other, settling, "UPDATE item SET outcome = 3");
        Execute(other, settling, "UPDATE tally SET outcome = 3 WHERE outcome = 1");

        var settled = bench.Ledger.SettleVideosAsync(null);
        await WaitsAsync(bench);
        settling.Commit();
        await settled.Soon();

        await bench.Ledger.RefreshAsync();
        Assert.Equal(1, bench.Ledger.Tallies.Single(tally => tally.Outcome == Outcome.Done).Count);
        bench.Audit();
    }

    [PostgresFact]
    public async Task A_redecision_counts_from_the_state_that_another_silo_has_just_set()
    {
        await using var bench = await LedgerBench.OpenAsync(Database.Postgres);
        var job = await bench.JobAsync(videos: 1);
        var video = Assert.Single(bench.Ledger.Items(new ItemQuery()));
        using var other = bench.Connect();
        using var moving = other.BeginTransaction();
        Execute(other, moving, $"UPDATE item SET stage = {(int)StageId.Probe}");
        Execute(other, moving, $"UPDATE tally SET stage = {(int)StageId.Probe}");

        var restating = bench.Ledger.RestateAsync([new Restatement(video, LifeState.At(StageId.Fetch), [])]);
        await WaitsAsync(bench);
        moving.Commit();
        await restating.Soon();

        await bench.Ledger.RefreshAsync();
        Assert.Equal((0, 1, 0), (bench.Ledger.Pending(job.Id, StageId.Screen), bench.Ledger.Pending(job.Id, StageId.Fetch), bench.Ledger.Pending(job.Id, StageId.Probe)));
        bench.Audit();
    }

    [PostgresFact]
    public async Task What_a_silo_has_queued_locks_nothing_while_it_waits_for_a_row_of_another_kind()
    {
        await using var bench = await LedgerBench.OpenAsync(Database.Postgres);
        var (job, other) = (await bench.JobAsync(videos: 1), await bench.Ledger.CreateJobAsync("other", new("test", "/others"), new()));
        using var first = bench.Connect();
        using var second = bench.Connect();
        Execute(first, null, "UPDATE item SET outcome = 1");

        // The writer waits for the other job; what comes meanwhile is for one commit.
        using var holdingJob = first.BeginTransaction();
        Execute(first, holdingJob, $"SELECT 1 FROM job WHERE id = {other.Id} FOR UPDATE");
        var begun = bench.Ledger.ChangeJobAsync(other.Id, JobEvent.PauseRequested);
        await WaitsAsync(bench);
        using var holdingVideo = second.BeginTransaction();
        Execute(second, holdingVideo, "SELECT 1 FROM item FOR UPDATE");
        var queued = Task.WhenAll(bench.Ledger.ChangeJobAsync(job.Id, JobEvent.PauseRequested), bench.Ledger.SettleVideosAsync(null));
        holdingJob.Rollback();
        await begun.Soon();
        await WaitsAsync(bench);

        // Whoever holds the video may go on to the job.
        Execute(second, holdingVideo, $"UPDATE job SET found = found WHERE id = {job.Id}");
        holdingVideo.Commit();
        await queued.Soon();
        SharedLedgerTests.AssertNoDeadlock(first);
    }

    private static void Execute(NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection, transaction);
        command.ExecuteNonQuery();
    }

    /// <summary>Until somebody waits for a lock in the test's database.</summary>
    private static async Task WaitsAsync(LedgerBench bench)
    {
        using var looking = bench.Connect();
        using var command = new NpgsqlCommand("SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')", looking);
        await Polling.UntilAsync(() => (bool)command.ExecuteScalar()!);
    }
}
