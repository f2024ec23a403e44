using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Browsing;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Redeciding;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Browsing;

/// <summary>The index shows what the ledger holds, whoever changed it.</summary>
public sealed class ClipIndexTests
{
    private static readonly ClipSort ByName = new();

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task An_index_that_follows_equals_one_that_is_read_anew_after_every_kind_of_change(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var clips = new RandomClips(bench, new Random(7));
        var job = await clips.FillAsync(RandomClips.Lenient, videos: 5, clips: 8);
        using var index = new ClipIndex(bench.Ledger);
        await SameAsync("at first", null);

        await SameAsync("more videos of another job", () => clips.FillAsync(new CurationOptions(), videos: 3, clips: 4));
        await SameAsync("failures tried again", () => new Retrier(bench.Ledger).RunAsync([.. bench.Ledger.Items(new ItemQuery(Outcome: Outcome.Failed))]));
        await SameAsync("the tried ones worked on", () => clips.WorkAsync(job, StageId.Aesthetics));
        await SameAsync("a re-decision", () => new Redecider(bench.Ledger, RandomClips.Stages, (_, _, _) => [.. Enumerable.Range(0, 6).Select(LedgerBench.Clip)]).RunAsync(job, RandomClips.Options(new Random(3)), CancellationToken.None));
        await SameAsync("a re-decision back", () => new Redecider(bench.Ledger, RandomClips.Stages, (_, _, _) => [.. Enumerable.Range(0, 8).Select(LedgerBench.Clip)]).RunAsync(job, RandomClips.Lenient, CancellationToken.None));
        var accepted = bench.Ledger.Items(new ItemQuery(ItemKind.Clip, Outcome: Outcome.Accepted)).ToList();
        await SameAsync("duplicates marked", () => bench.Ledger.MarkDuplicatesAsync(new Dictionary<long, (string, double)> { [accepted[0].Seq] = ("other", 1.5) }, 8));
        Assert.Equal(1, index.Duplicates(null));
        await SameAsync("duplicates unmarked", () => bench.Ledger.MarkDuplicatesAsync(new Dictionary<long, (string, double)>(), 8));
        await SameAsync("another process retries", async () =>
        {
            await using var other = bench.Open();
            await new Retrier(other).RunAsync([.. other.Items(new ItemQuery(Outcome: Outcome.Failed))]);
        });

        async Task SameAsync(string what, Func<Task>? change)
        {
            await (change?.Invoke() ?? Task.CompletedTask);
            await index.RefreshAsync();
            using var anew = new ClipIndex(bench.Ledger);
            await anew.RefreshAsync();
            var options = (await bench.Ledger.JobsAsync()).ToDictionary(row => row.Id, row => row.Options);
            foreach (var stage in Enum.GetValues<StageId>())
            {
                foreach (var outcome in Enum.GetValues<Outcome>())
                {
                    var filter = new ClipFilter(Stage: stage, Outcome: outcome);
                    var expected = bench.Ledger.Items(new ItemQuery(ItemKind.Clip, Stage: stage, Outcome: outcome)).Select(clip => clip.Seq).ToList();
                    Assert.True(expected.SequenceEqual(index.Page(filter, ByName, options, null, 1000).Clips), $"{what}: {outcome} at {stage}");
                }
            }

            Assert.Equal(anew.WhatIf(options, null, 0).RejectedByStage, index.WhatIf(options, null, 0).RejectedByStage);
        }
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData(ClipScore.Aesthetic, false)]
    [InlineData(ClipScore.Aesthetic, true)]
    [InlineData(ClipScore.Words, true)]
    public async Task Pages_hold_every_clip_once_in_order(ClipScore? by, bool descending)
    {
        await using var bench = LedgerBench.OnDisk();
        var job = await new RandomClips(bench, new Random(11)).FillAsync(new CurationOptions(), videos: 6, clips: 10);
        using var index = new ClipIndex(bench.Ledger);
        await index.RefreshAsync();
        var options = new Dictionary<long, CurationOptions> { [job.Id] = job.Options };
        var sort = new ClipSort(by, descending);
        var all = index.Page(new ClipFilter(), sort, options, null, 1000);

        var paged = new List<long>();
        string? after = null;
        do
        {
            var page = index.Page(new ClipFilter(), sort, options, after, 7);
            Assert.Equal(60, page.Total);
            paged.AddRange(page.Clips);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(60, all.Clips.Count);
        Assert.Null(all.Next);
        Assert.Equal(all.Clips, paged);
        if (by == ClipScore.Aesthetic)
        {
            var scores = paged.Select(clip => bench.Ledger.Measurements(clip)[StageId.Aesthetics]?.Scores["score"]).ToList();
            var known = scores.OfType<double>().ToList();
            Assert.Equal(descending ? known.OrderDescending() : known.Order(), known);
            Assert.DoesNotContain(scores.Take(known.Count), score => score is null);
        }
    }

    [Fact]
    public async Task A_sample_does_not_depend_on_the_order_in_which_clips_came()
    {
        async Task<(long Population, List<string> Ids)> DrawAsync(long seed, bool backwards)
        {
            await using var bench = LedgerBench.OnDisk();
            var job = await bench.JobAsync();
            foreach (var number in backwards ? Enumerable.Range(0, 12).Reverse() : Enumerable.Range(0, 12))
            {
                await bench.Ledger.AddVideosAsync(job.Id, [LedgerBench.Video(number)], []);
            }

            await bench.SegmentAsync(job.Id, clips: 5);
            await bench.AcceptClipsAsync(job.Id);
            using var index = new ClipIndex(bench.Ledger);
            await index.RefreshAsync();
            var (population, clips) = index.Sample(StageId.Joint, null, new Dictionary<long, CurationOptions> { [job.Id] = job.Options }, seed, 20);
            return (population, [.. bench.Ledger.ItemsBySeq(clips).Select(clip => clip.Id)]);
        }

        var first = await DrawAsync(42, backwards: false);
        var second = await DrawAsync(42, backwards: true);
        var other = await DrawAsync(43, backwards: false);

        Assert.Equal(60, first.Population);
        Assert.Equal(20, first.Ids.Distinct().Count());
        Assert.Equal(first.Ids, second.Ids);
        Assert.NotEqual(first.Ids, other.Ids);
    }

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task An_edited_caption_is_found_bound_and_kept_with_the_old_one_in_its_trail(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await new RandomClips(bench, new Random(2)).FillAsync(new CurationOptions(), videos: 2, clips: 4);
        var clip = bench.Ledger.Items(new ItemQuery(ItemKind.Clip)).First(item => Curation.Stages.Caption.CaptionData.Of(bench.Ledger.Measurements(item.Seq)) is { Brief: not null });
        var old = Curation.Stages.Caption.CaptionData.Of(bench.Ledger.Measurements(clip.Seq))!;

        await bench.Ledger.EditCaptionAsync(clip.Seq, "A zebrafish", "Its heart, “beating”", "Ada");
        await bench.Ledger.EditCaptionAsync(clip.Seq, "A zebra", "Its heart", "Grace");
        await new Redecider(bench.Ledger, RandomClips.Stages, (_, _, _) => [.. Enumerable.Range(0, 4).Select(LedgerBench.Clip)]).RunAsync(job, RandomClips.Options(new Random(9)), CancellationToken.None);

        var caption = Curation.Stages.Caption.CaptionData.Of(bench.Ledger.Measurements(clip.Seq))!;
        Assert.Equal(("A zebra", "Its heart", "template-1, edited by hand"), (caption.Brief, caption.Detailed, caption.Model));
        Assert.Equal(Curation.Stages.Caption.CaptionBinding.Compute(old.ClipSha256, old.FrameTimes, old.PromptHash, caption.Model, "A zebra", "Its heart"), caption.Binding);
        Assert.Equal(2, bench.Ledger.Measurements(clip.Seq)[StageId.Caption]!.Scores["briefWords"]);
        Assert.Equal([("Ada", old.Brief), ("Grace", "A zebrafish")], bench.Ledger.CaptionEdits(clip.Seq).Select(edit => (edit.Editor, edit.Before.Brief)));
        Assert.Equal(2, bench.Ledger.Trail(clip.Seq).Count(entry => entry.Decision.Verdict == DecisionVerdict.Edited));
        Assert.Equal([clip.Seq], bench.Ledger.SearchCaptions("ZEBRA"));
        Assert.Empty(bench.Ledger.SearchCaptions("zebrafish"));
    }

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task A_clip_without_a_caption_cannot_be_edited(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.JobAsync(videos: 1);
        await bench.SegmentAsync(job.Id, clips: 1);
        var clip = bench.Ledger.Items(new ItemQuery(ItemKind.Clip)).Single();

        var refusal = await Assert.ThrowsAsync<LedgerException>(() => bench.Ledger.EditCaptionAsync(clip.Seq, "a", "b", "c"));

        Assert.Contains("no caption yet", refusal.Message);
    }
}
