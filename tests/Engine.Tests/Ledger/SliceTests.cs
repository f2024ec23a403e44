using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Ledger;

/// <summary>What a shard is handed out, and keeps while its items go from stage to stage.</summary>
public sealed class SliceTests
{
    [Theory]
    [InlineData(Database.Memory, 1)]
    [InlineData(Database.Memory, 16)]
    [InPostgres(1)]
    [InPostgres(16)]
    public async Task Shards_share_a_job_without_gap_or_overlap_and_clips_stay_with_their_video(Database database, int shards)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 150);
        await bench.JobAsync(videos: 20, from: 1000);
        await bench.SegmentAsync(job.Id, clips: 2);
        await bench.PassAsync(StageId.Segment, job.Id, clips: 2);
        var shardOf = new Dictionary<long, int>();
        for (var shard = 0; shard < shards; shard++)
        {
            while (await SliceAsync(bench, job.Id, ShardSlots.Of(shard, shards), ItemKind.Clip, max: 7) is { Count: > 0 } items)
            {
                Assert.InRange(items.Count, 1, 7);
                foreach (var item in items)
                {
                    shardOf.Add(item.Item.Seq, shard);
                    Assert.Equal(shard, shardOf.GetValueOrDefault(item.Parent!.Item.Seq, shard));
                    shardOf[item.Parent.Item.Seq] = shard;
                    Assert.Equal((ItemKind.Clip, job.Id), (item.Item.Kind, item.Item.Job));
                }
            }
        }

        var clips = bench.Ledger.Items(new ItemQuery(ItemKind.Clip)).Select(clip => clip.Seq).ToList();
        Assert.Equal(200, clips.Count);
        Assert.Empty(clips.Except(shardOf.Keys));
        Assert.Equal(shards == 1 ? 1 : 16, shardOf.Values.Distinct().Count());
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task Items_of_every_stage_come_and_those_that_are_not_due_or_over_do_not(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 6);
        await bench.PassAsync(StageId.Screen, job.Id, max: 2);
        var leased = await bench.LeaseAsync(StageId.Screen, job.Id, max: 3);
        await bench.Ledger.CompleteAsync([LedgerBench.Rejected(leased[0]), LedgerBench.Failed(leased[1], retryable: true, TimeSpan.FromSeconds(90))], "me");

        // Two at the second stage and one at the first; one is over, one waits for its next attempt, and one is leased.
        var items = await SliceAsync(bench, job.Id, ShardSlots.All, ItemKind.Video);
        Assert.Equal([StageId.Screen, StageId.Fetch, StageId.Fetch], items.Select(item => item.Item.State.Stage).Order());
        Assert.Empty(await SliceAsync(bench, job.Id, ShardSlots.All, ItemKind.Clip));
        var due = await bench.Ledger.LeaseSliceAsync(job.Id, ShardSlots.All, ItemKind.Video, 10, "me", LedgerBench.Lease);
        Assert.Equal(bench.Time.GetUtcNow().AddSeconds(90), due.NextDue);
        Assert.Null((await bench.Ledger.LeaseSliceAsync(job.Id, ShardSlots.All, ItemKind.Clip, 10, "me", LedgerBench.Lease)).NextDue);

        bench.Time.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(leased[1].Item.Id, Assert.Single(await SliceAsync(bench, job.Id, ShardSlots.All, ItemKind.Video)).Item.Id);
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_kept_item_stays_with_its_owner_from_stage_to_stage(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        var item = Assert.Single(await SliceAsync(bench, job.Id, ShardSlots.All, ItemKind.Video));
        foreach (var stage in StageOrder.Video.Stages)
        {
            Assert.Equal(stage, item.Item.State.Stage);
            bench.Time.Advance(LedgerBench.Lease - TimeSpan.FromSeconds(1));
            Assert.Empty((await bench.Ledger.CompleteAsync([LedgerBench.Passed(item, clips: 2)], "me", LedgerBench.Lease)).Lost);
            Assert.Empty(await SliceAsync(bench, job.Id, ShardSlots.All, ItemKind.Video, owner: "other"));
            item = (await bench.Ledger.LoadAsync(item.Item.Seq))!;
            Assert.Equal(stage, item.Measurements[stage]!.Stage);
        }

        Assert.Equal(Outcome.AwaitingClips, item.Item.State.Outcome);
        Assert.Equal(0, await bench.Ledger.ReclaimAsync([]));
        bench.Audit();
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_kept_item_comes_back_when_its_owner_is_silent_and_the_late_result_is_dropped(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        var item = Assert.Single(await SliceAsync(bench, job.Id, ShardSlots.All, ItemKind.Video));
        await bench.Ledger.CompleteAsync([LedgerBench.Passed(item)], "me", LedgerBench.Lease);
        var silent = (await bench.Ledger.LoadAsync(item.Item.Seq))!;
        bench.Time.Advance(LedgerBench.Lease);
        var other = Assert.Single(await SliceAsync(bench, job.Id, ShardSlots.All, ItemKind.Video, owner: "other"));

        Assert.Equal([item.Item.Seq], (await bench.Ledger.CompleteAsync([LedgerBench.Passed(silent)], "me", LedgerBench.Lease)).Lost);
        Assert.Empty((await bench.Ledger.CompleteAsync([LedgerBench.Passed(other)], "other", LedgerBench.Lease)).Lost);
        Assert.Equal(2, bench.Ledger.Trail(item.Item.Seq).Count);
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task An_item_that_waits_for_its_next_attempt_is_not_kept(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        var item = Assert.Single(await SliceAsync(bench, job.Id, ShardSlots.All, ItemKind.Video));

        await bench.Ledger.CompleteAsync([LedgerBench.Failed(item, retryable: true, TimeSpan.FromSeconds(5))], "me", LedgerBench.Lease);

        Assert.Empty(await SliceAsync(bench, job.Id, ShardSlots.All, ItemKind.Video, owner: "other"));
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, Assert.Single(await SliceAsync(bench, job.Id, ShardSlots.All, ItemKind.Video, owner: "other")).Item.State.Attempts);
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task An_item_is_loaded_as_it_stands_now_with_its_video(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        await bench.SegmentAsync(job.Id, clips: 3);
        await bench.PassAsync(StageId.Cut, job.Id, max: 1);
        var clips = bench.Ledger.Items(new ItemQuery(ItemKind.Clip)).ToList();

        var loaded = await Task.WhenAll(clips.Select(clip => bench.Ledger.LoadAsync(clip.Seq)).Append(bench.Ledger.LoadAsync(99_999))).Soon();

        Assert.Equal(clips, loaded.SkipLast(1).Select(item => item!.Item));
        Assert.Null(loaded[^1]);
        Assert.Single(loaded.SkipLast(1), item => item!.Measurements[StageId.Cut] is not null);
        Assert.All(loaded.SkipLast(1), item => Assert.NotNull(item!.Parent!.Measurements[StageId.Segment]));
    }

    private static async Task<IReadOnlyList<LeasedItem>> SliceAsync(LedgerBench bench, long job, ShardSlots slots, ItemKind kind, int max = 100, string owner = "me") =>
        (await bench.Ledger.LeaseSliceAsync(job, slots, kind, max, owner, LedgerBench.Lease)).Items;
}
