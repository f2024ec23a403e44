using FsCheck;
using FsCheck.Fluent;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Browsing;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Redeciding;
using MedGenCluster.Engine.Tests.Support;
using Outcome = MedGenCluster.Curation.Lifecycle.Outcome;

namespace MedGenCluster.Engine.Tests.Browsing;

/// <summary>What a what-if promises is what a re-decision does.</summary>
public sealed class WhatIfTests
{
    [Fact]
    public void A_what_if_says_exactly_what_a_redecision_does() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(25),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => AgreesAsync(seed).GetAwaiter().GetResult()));

    [Fact]
    public async Task The_edges_are_the_clips_nearest_to_the_threshold_on_either_side()
    {
        await using var bench = LedgerBench.OnDisk();
        var random = new Random(5);
        var lenient = RandomClips.Lenient;
        var job = await new RandomClips(bench, random).FillAsync(lenient, videos: 10, clips: 8);
        using var index = new ClipIndex(bench.Ledger);
        await index.RefreshAsync();
        var changed = lenient with { Aesthetics = new AestheticsOptions { MinScore = 5.5 } };
        var threshold = MovableThreshold.All.Single(movable => movable.Name == "aesthetics.minScore");

        var result = index.WhatIf(new Dictionary<long, CurationOptions> { [job.Id] = changed }, threshold, edges: 3);

        double Score(long clip) => bench.Ledger.Measurements(clip)[StageId.Aesthetics]!.Scores["score"];
        var scores = bench.Ledger.Items(new ItemQuery(ItemKind.Clip)).Where(clip => bench.Ledger.Measurements(clip.Seq)[StageId.Aesthetics] is not null).ToList();
        Assert.Equal(scores.Where(clip => clip.State.Outcome == Outcome.Accepted).Select(clip => Score(clip.Seq)).Where(score => score >= 5.5).Order().Take(3), result.Inside.Select(Score));
        Assert.Equal(scores.Select(clip => Score(clip.Seq)).Where(score => score < 5.5).OrderDescending().Take(3), result.Outside.Select(Score));
    }

    private static async Task<bool> AgreesAsync(int seed)
    {
        var random = new Random(seed);
        await using var bench = LedgerBench.OnDisk();
        var job = await new RandomClips(bench, random).FillAsync(RandomClips.Options(random), videos: 4, clips: 10);
        using var index = new ClipIndex(bench.Ledger);
        await index.RefreshAsync();
        var options = RandomClips.Options(random);
        var before = Accepted(bench);

        var promised = index.WhatIf(new Dictionary<long, CurationOptions> { [job.Id] = options }, null, 0);
        var report = await new Redecider(bench.Ledger, RandomClips.Stages, (_, _, _) => [.. Enumerable.Range(0, 10).Select(LedgerBench.Clip)]).RunAsync(job, options, CancellationToken.None);

        var after = Accepted(bench);
        Assert.Equal((before.Count, after.Count), (promised.AcceptedNow, promised.Accepted));
        Assert.Equal((after.Except(before).Count(), before.Except(after).Count()), (promised.Gained, promised.Lost));
        Assert.Equal(report.Unmeasured, promised.Unmeasured);
        Assert.Equal(
            bench.Ledger.Tallies.Where(t => t is { Kind: ItemKind.Clip, Outcome: Outcome.Rejected }).GroupBy(t => t.Stage).ToDictionary(stage => stage.Key, stage => stage.Sum(t => t.Count)),
            promised.RejectedByStage);

        // Once more, from an index that has only followed: nothing is left to change.
        await index.RefreshAsync();
        var again = index.WhatIf(new Dictionary<long, CurationOptions> { [job.Id] = options }, null, 0);
        Assert.Equal((after.Count, after.Count, 0, 0, 0), (again.AcceptedNow, again.Accepted, again.Gained, again.Lost, again.Unmeasured));
        bench.Audit();
        return true;
    }

    private static HashSet<string> Accepted(LedgerBench bench) => [.. bench.Ledger.Items(new ItemQuery(ItemKind.Clip, Outcome: Outcome.Accepted)).Select(clip => clip.Id)];
}
