using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Redeciding;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Ledger;

/// <summary>An item whose workers die again and again is put aside, and nothing else is.</summary>
public sealed class QuarantineTests
{
    private const int Limit = 10;

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_clip_whose_worker_died_ten_times_is_put_aside_and_its_video_ends_without_it(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        await bench.SegmentAsync(job.Id, clips: 1);
        await bench.PassAsync(StageId.Cut, job.Id);
        for (var death = 1; death < Limit; death++)
        {
            Assert.Single(await bench.LeaseAsync(StageId.Caption, job.Id, owner: "silo " + death));
            Assert.Equal(1, await bench.Ledger.ReclaimAsync(["living"]));
        }

        var clip = Assert.Single(await bench.LeaseAsync(StageId.Caption, job.Id, owner: "the tenth")).Item;
        Assert.Equal(Limit - 1, clip.Strikes);
        Assert.Equal(1, await bench.Ledger.ReclaimAsync(["living"]));

        Assert.Empty(await bench.LeaseAsync(StageId.Caption, job.Id));
        var state = (await bench.Ledger.FindAsync(clip.Id))!.State;
        Assert.Equal((Outcome.Failed, StageId.Caption, "its worker died 10 times in this stage"), (state.Outcome, state.Stage, state.Reason));
        var line = bench.Ledger.Trail(clip.Seq)[^1].Decision;
        Assert.Equal((StageId.Caption, DecisionVerdict.Failed, "its worker died 10 times in this stage"), (line.Stage, line.Verdict, line.Reason));
        Assert.Equal(Outcome.Done, Assert.Single(bench.Ledger.Items(new ItemQuery(ItemKind.Video))).State.Outcome);
        bench.Audit();
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_video_is_put_aside_as_a_clip_is(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 3);
        for (var death = 1; death <= Limit; death++)
        {
            await bench.LeaseAsync(StageId.Screen, job.Id, max: 2, owner: "dead");
            Assert.Equal(2, await bench.Ledger.ReclaimAsync([]));
        }

        // Who died is told by the order in which items are due, which the leases above kept.
        Assert.Equal(2, bench.Ledger.Items(new ItemQuery(Outcome: Outcome.Failed)).Count());
        Assert.Equal((1, 2), (bench.Ledger.Pending(job.Id, StageId.Screen), bench.Ledger.Tallies.Single(tally => tally.Outcome == Outcome.Failed).Count));
        bench.Audit();
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_result_wipes_the_strikes_out(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        await StrikeAsync(bench, job.Id, StageId.Screen, Limit - 1);
        await bench.PassAsync(StageId.Screen, job.Id);
        await StrikeAsync(bench, job.Id, StageId.Fetch, Limit - 1);

        Assert.Single(await bench.LeaseAsync(StageId.Fetch, job.Id));
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task What_is_given_back_or_not_held_or_held_by_the_living_has_no_strike(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 2);
        for (var round = 0; round < 2 * Limit; round++)
        {
            var leased = await bench.LeaseAsync(StageId.Screen, job.Id, max: 1, owner: "draining");
            Assert.Equal(0, await bench.Ledger.ReclaimAsync(["living", "draining"]));
            await bench.Ledger.ReleaseAsync([leased[0].Item.Seq], "draining", TimeSpan.Zero);
            Assert.Equal(0, await bench.Ledger.ReclaimAsync(["living"]));
        }

        await StrikeAsync(bench, job.Id, StageId.Screen, Limit - 1);
        Assert.Equal(2, (await bench.LeaseAsync(StageId.Screen, job.Id)).Count);
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_person_who_tries_again_gives_all_strikes_back(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        await StrikeAsync(bench, job.Id, StageId.Screen, Limit);
        await new Retrier(bench.Ledger).RunAsync([.. bench.Ledger.Items(new ItemQuery(Outcome: Outcome.Failed))]);
        await StrikeAsync(bench, job.Id, StageId.Screen, Limit - 1);

        Assert.Single(await bench.LeaseAsync(StageId.Screen, job.Id));
        bench.Audit();
    }

    private static async Task StrikeAsync(LedgerBench bench, long job, StageId stage, int times)
    {
        for (var death = 0; death < times; death++)
        {
            await bench.LeaseAsync(stage, job, owner: "dead");
            Assert.NotEqual(0, await bench.Ledger.ReclaimAsync(["living"]));
        }
    }
}
