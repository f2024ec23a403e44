using FsCheck;
using FsCheck.Fluent;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Redeciding;
using MedGenCluster.Engine.Tests.Support;
using Outcome = MedGenCluster.Curation.Lifecycle.Outcome;

namespace MedGenCluster.Engine.Tests.Redeciding;

/// <summary>New thresholds over stored measurements give what a crawl under these thresholds would have given.</summary>
public sealed class RedeciderTests
{
    private static readonly CurationOptions Lenient = Options(tau: 0.3);

    [Fact]
    public async Task Tightening_rejects_and_loosening_brings_back_without_measuring()
    {
        await using var bench = NewBench();
        var job = await CrawlAsync(bench, Lenient);
        var runs = bench.Pipeline.Runs.Count;
        var all = bench.AcceptedIds();

        var tightened = await RedecideAsync(bench, job, Options(tau: 0.3, aesthetics: 0.5));
        var some = bench.AcceptedIds();
        Assert.Equal(all.Where(id => FakePipeline.Unit(StageId.Aesthetics, id) >= 0.5), some);
        Assert.All(bench.Items(Outcome.Rejected), clip => Assert.Equal(
            new LifeState(Outcome.Rejected, StageId.Aesthetics, 0, "aesthetics-below-minimum", FakePipeline.Unit(StageId.Aesthetics, clip.Id)), clip.State));
        var rejected = all.Count - some.Count;
        Assert.Equal(new RedecisionReport(8 + all.Count, rejected, all.Count, some.Count, 0), tightened);

        var loosened = await RedecideAsync(bench, job, Lenient);
        Assert.Equal(all, bench.AcceptedIds());
        Assert.Equal(new RedecisionReport(8 + all.Count, rejected, some.Count, all.Count, 0), loosened);
        Assert.Equal(runs, bench.Pipeline.Runs.Count);
        LedgerAudit.CheckIdle(bench.LedgerPath);
    }

    [Fact]
    public async Task Deciding_anew_under_the_same_options_changes_nothing()
    {
        await using var bench = NewBench();
        var options = Options(tau: 0.5, aesthetics: 0.4, quality: 0.2, probe: 0.2);
        var job = await CrawlAsync(bench, options);
        var before = bench.Ledger.Items(new ItemQuery()).ToList();
        var lines = before.Sum(item => bench.Ledger.Trail(item.Seq).Count);

        var report = await RedecideAsync(bench, job, options);

        Assert.Equal((0, 0), (report.Changed, report.Unmeasured));
        Assert.Equal(before, bench.Ledger.Items(new ItemQuery()));
        Assert.Equal(lines, before.Sum(item => bench.Ledger.Trail(item.Seq).Count));
    }

    [Fact]
    public async Task Another_tau_withdraws_clips_and_plans_others()
    {
        await using var bench = NewBench();
        var job = await CrawlAsync(bench, Options(tau: 0.5));
        var before = bench.AcceptedIds();

        await RedecideAsync(bench, job, Options(tau: 0.8));
        var withdrawn = bench.Items(Outcome.Rejected);
        Assert.NotEmpty(withdrawn);
        Assert.All(withdrawn, clip => Assert.Equal((StageId.Segment, "not-in-plan"), (clip.State.Stage, clip.State.Reason!)));
        Assert.Equal(Planned(bench, 0.8), bench.AcceptedIds());

        var report = await RedecideAsync(bench, job, Options(tau: 0.2));
        Assert.Equal(Planned(bench, 0.2).Count - before.Count, report.Unmeasured);
        Assert.Equal(before, bench.AcceptedIds());
        Assert.Equal(report.Unmeasured, bench.Items(Outcome.Active).Count);
        LedgerAudit.Check(bench.LedgerPath);

        await ReopenAsync(bench, job);
        await bench.RunUntilIdleAsync();
        Assert.Equal(Planned(bench, 0.2), bench.AcceptedIds());
        LedgerAudit.CheckIdle(bench.LedgerPath);
    }

    [Fact]
    public async Task A_video_that_is_rejected_takes_its_clips_along_and_brings_them_back()
    {
        await using var bench = NewBench();
        var job = await CrawlAsync(bench, Lenient);
        var before = bench.AcceptedIds();
        var victim = bench.Items(Outcome.Done, ItemKind.Video).First(video => bench.Ledger.Items(new ItemQuery(ItemKind.Clip, Parent: video.Seq)).Any());
        var minimum = FakePipeline.Unit(StageId.Probe, victim.Id) + 1e-9;

        await RedecideAsync(bench, job, Options(tau: 0.3, probe: minimum));
        Assert.Equal((Outcome.Rejected, StageId.Probe), ((await bench.Ledger.FindAsync(victim.Id))!.State.Outcome, (await bench.Ledger.FindAsync(victim.Id))!.State.Stage));
        Assert.All(
            bench.Ledger.Items(new ItemQuery(ItemKind.Clip, Parent: victim.Seq)),
            clip => Assert.Equal((Outcome.Rejected, StageId.Probe, "video-probe-below-minimum"), (clip.State.Outcome, clip.State.Stage, clip.State.Reason!)));
        LedgerAudit.CheckIdle(bench.LedgerPath);

        await RedecideAsync(bench, job, Lenient);
        Assert.Equal(before, bench.AcceptedIds());
        Assert.Equal(Outcome.Done, (await bench.Ledger.FindAsync(victim.Id))!.State.Outcome);
        LedgerAudit.CheckIdle(bench.LedgerPath);
    }

    [Fact]
    public async Task A_failure_stays_on_the_dead_letter_list_unless_an_earlier_stage_rejects_it_now()
    {
        await using var bench = NewBench();
        bench.Pipeline.Behaviours[StageId.TechnicalQuality] = call => Task.FromResult<IReadOnlyList<StageResult>>([.. call.Ids.Select(_ => new StageResult.Failed("no frames", Retryable: false))]);
        var job = await CrawlAsync(bench, Lenient);
        var failed = bench.Items(Outcome.Failed);
        Assert.NotEmpty(failed);

        await RedecideAsync(bench, job, Options(tau: 0.3, quality: 0.9));
        Assert.Equal(failed, bench.Items(Outcome.Failed));

        await RedecideAsync(bench, job, Options(tau: 0.3, aesthetics: 0.5));
        Assert.Equal(failed.Where(clip => FakePipeline.Unit(StageId.Aesthetics, clip.Id) >= 0.5).Select(clip => clip.Id), bench.Items(Outcome.Failed).Select(clip => clip.Id));
        LedgerAudit.CheckIdle(bench.LedgerPath);
    }

    [Fact]
    public async Task Every_change_has_its_lines_with_the_new_thresholds()
    {
        await using var bench = NewBench();
        var job = await CrawlAsync(bench, Lenient);

        await RedecideAsync(bench, job, Options(tau: 0.3, aesthetics: 0.5));

        foreach (var clip in bench.Items(Outcome.Rejected))
        {
            var last = bench.Ledger.Trail(clip.Seq)[^1].Decision;
            Assert.Equal((StageId.Aesthetics, DecisionVerdict.Rejected, (double?)0.5, "fake@1"), (last.Stage, last.Verdict, last.Threshold, last.ModelVersion));
        }
    }

    [Fact]
    public void Deciding_anew_equals_crawling_from_scratch()
    {
        var unit = Gen.Choose(0, 9).Select(tenths => tenths / 10.0);
        var options = from tau in unit from aesthetics in unit from quality in unit from probe in Gen.Choose(0, 4) from filterFirst in Gen.Elements(true, false)
                      select Options(tau, aesthetics, quality, probe / 10.0, filterFirst ? StageOrderKind.FilterFirst : StageOrderKind.Paper);
        var pairs = options.SelectMany(first => options.Select(second => (First: first, Second: second)));
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(8).WithReplay(93, 55803),
            Prop.ForAll(pairs.ToArbitrary(), pair => SameAsFromScratchAsync(pair.First, pair.Second).GetAwaiter().GetResult()));
    }

    private static async Task<bool> SameAsFromScratchAsync(CurationOptions first, CurationOptions second)
    {
        await using var bench = NewBench();
        var job = await CrawlAsync(bench, first);
        await RedecideAsync(bench, job, second);
        LedgerAudit.Check(bench.LedgerPath);
        await ReopenAsync(bench, job);
        await bench.RunUntilIdleAsync();
        LedgerAudit.CheckIdle(bench.LedgerPath);

        await using var scratch = NewBench();
        await CrawlAsync(scratch, second);
        return States(bench).SequenceEqual(States(scratch));
    }

    /// <summary>All states but those of withdrawn clips, which a crawl from scratch never plans.</summary>
    internal static IEnumerable<(string, LifeState)> States(EngineBench bench) => bench.Ledger.Items(new ItemQuery())
        .Where(item => item.Kind == ItemKind.Video || !StageOrder.Video.Contains(item.State.Stage)).Select(item => (item.Id, item.State));

    internal static EngineBench NewBench()
    {
        var bench = new EngineBench();
        bench.Pipeline.Score = (stage, id) => FakePipeline.Unit(stage, id);
        bench.Pipeline.Threshold = (stage, options) => stage switch
        {
            StageId.Probe => options.Probe.MinDurationSeconds,
            StageId.Aesthetics => options.Aesthetics.MinScore,
            StageId.TechnicalQuality => options.TechnicalQuality.Threshold,
            _ => 0,
        };
        bench.Pipeline.Plan = Plan;
        return bench;
    }

    internal static IReadOnlyList<ClipPlan> Plan(string video, CurationOptions options) =>
        [.. Enumerable.Range(0, 4).Where(k => FakePipeline.Unit("similarity", video, k) > options.Segment.Tau).Select(LedgerBench.Clip)];

    private static List<string> Planned(EngineBench bench, double tau) => [.. bench.Ledger.Items(new ItemQuery(ItemKind.Video))
        .SelectMany(video => Plan(video.Id, Options(tau)).Select(clip => ClipId.From(new VideoId(video.Id), clip.Interval).Value)).Order(StringComparer.Ordinal)];

    internal static CurationOptions Options(double tau, double aesthetics = 0, double quality = 0, double probe = 0, StageOrderKind order = StageOrderKind.Paper) => new()
    {
        Order = order,
        Segment = new SegmentOptions { Tau = tau },
        Aesthetics = new AestheticsOptions { MinScore = aesthetics },
        TechnicalQuality = new TechnicalQualityOptions { Threshold = quality },
        Probe = new ProbeOptions { MinDurationSeconds = probe },
    };

    private static async Task<JobRow> CrawlAsync(EngineBench bench, CurationOptions options)
    {
        var job = await bench.SubmitAsync(videos: 8, options);
        await bench.RunUntilIdleAsync();
        return job;
    }

    private static Task<RedecisionReport> RedecideAsync(EngineBench bench, JobRow job, CurationOptions options) =>
        new Redecider(bench.Ledger, bench.Pipeline.Catalog(), (video, _, changed) => Plan(video.Id.Value, changed)).RunAsync(job, options, CancellationToken.None);

    private static Task ReopenAsync(EngineBench bench, JobRow job) => bench.Ledger.ChangeJobAsync(job.Id, JobEvent.WorkReopened);
}
