using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Ledger;

/// <summary>Every verdict, failure, retry and mark has its line, in order, and no line ever changes.</summary>
public sealed class DecisionLogTests
{
    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task The_trail_tells_all_that_happened_in_order(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        var start = bench.Time.GetUtcNow();
        await bench.PassAsync(StageId.Screen, job.Id);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await bench.Ledger.CompleteAsync([LedgerBench.Failed((await bench.LeaseAsync(StageId.Fetch, job.Id))[0], retryable: true)], "me");
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await bench.Ledger.CompleteAsync([LedgerBench.Rejected((await bench.LeaseAsync(StageId.Fetch, job.Id))[0], "gone", 0.2)], "me");
        var video = Assert.Single(bench.Ledger.Items(new ItemQuery()));
        await bench.Ledger.RestateAsync([new Restatement(video, LifeState.At(StageId.Fetch), [new Decision(StageId.Fetch, DecisionVerdict.Reopened, null, null, null, "")])]);

        Assert.Equal(
            [
                new LoggedDecision(new Decision(StageId.Screen, DecisionVerdict.Passed, null, 0.5, 0.25, "m@1"), start),
                new LoggedDecision(new Decision(StageId.Fetch, DecisionVerdict.Failed, "the tool died", null, null, "m@1"), start.AddSeconds(1)),
                new LoggedDecision(new Decision(StageId.Fetch, DecisionVerdict.Rejected, "gone", 0.2, 0.25, "m@1"), start.AddSeconds(2)),
                new LoggedDecision(new Decision(StageId.Fetch, DecisionVerdict.Reopened, null, null, null, ""), start.AddSeconds(2)),
            ],
            bench.Ledger.Trail(video.Seq));
    }

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task A_line_is_never_changed_by_what_comes_after(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 3);
        var before = new Dictionary<long, IReadOnlyList<LoggedDecision>>();
        foreach (var stage in StageOrder.Video.Stages)
        {
            await bench.PassAsync(stage, job.Id);
            foreach (var video in bench.Ledger.Items(new ItemQuery(ItemKind.Video)))
            {
                var trail = bench.Ledger.Trail(video.Seq);
                Assert.Equal(before.GetValueOrDefault(video.Seq) ?? [], trail.SkipLast(1));
                before[video.Seq] = trail;
            }
        }

        Assert.All(before.Values, trail => Assert.Equal(StageOrder.Video.Stages, trail.Select(line => line.Decision.Stage)));
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_measurement_taken_again_replaces_the_old_one(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        var first = Assert.Single(await bench.PassAsync(StageId.Screen, job.Id));
        var video = (await bench.Ledger.FindAsync(first.Item.Id))!;
        await bench.Ledger.RestateAsync([new Restatement(video, LifeState.At(StageId.Screen), [])]);
        var again = Assert.Single(await bench.LeaseAsync(StageId.Screen, job.Id));

        await bench.Ledger.CompleteAsync([LedgerBench.Passed(again) with { Measurement = new Measurement(StageId.Screen, 2, "m@2", Measurement.NoScores) }], "me");

        var measurement = bench.Ledger.Measurements(first.Item.Seq)[StageId.Screen]!;
        Assert.Equal((2, "m@2", 0, (string?)null), (measurement.StageVersion, measurement.ModelVersion, measurement.Scores.Count, measurement.Data));
    }

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task Duplicates_are_marked_and_unmarked_with_a_line_each(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        await bench.SegmentAsync(job.Id, clips: 3);
        await bench.AcceptClipsAsync(job.Id);
        var clips = bench.Ledger.Items(new ItemQuery(ItemKind.Clip)).ToList();
        IEnumerable<string?> Marks() => bench.Ledger.Items(new ItemQuery(ItemKind.Clip)).Select(clip => clip.DuplicateOf);

        var marks = new Dictionary<long, (string, double)> { [clips[1].Seq] = (clips[0].Id, 3), [clips[2].Seq] = (clips[0].Id, 4) };
        await bench.Ledger.MarkDuplicatesAsync(marks, threshold: 6);
        await bench.Ledger.MarkDuplicatesAsync(marks, threshold: 6);
        Assert.Equal([null, clips[0].Id, clips[0].Id], Marks());

        await bench.Ledger.MarkDuplicatesAsync(new Dictionary<long, (string, double)> { [clips[2].Seq] = (clips[1].Id, 2) }, threshold: 6);
        Assert.Equal([null, null, clips[1].Id], Marks());
        Assert.Equal(
            ["duplicate-of " + clips[0].Id, "no-longer-a-duplicate"],
            bench.Ledger.Trail(clips[1].Seq).Where(line => line.Decision.Stage == StageId.Duplicates).Select(line => line.Decision.Reason));
        Assert.Equal(
            [("duplicate-of " + clips[0].Id, 4.0), ("duplicate-of " + clips[1].Id, 2.0)],
            bench.Ledger.Trail(clips[2].Seq).Where(line => line.Decision.Stage == StageId.Duplicates).Select(line => (line.Decision.Reason!, line.Decision.Score!.Value)));

        // Marks are no outcome: the clips stay accepted.
        Assert.Equal(3, bench.Ledger.Tallies.Single(tally => tally.Outcome == Outcome.Accepted).Count);
        bench.Audit();
    }
}
