using MedGenCluster.Curation.Audits;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Auditing;
using MedGenCluster.Engine.Browsing;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Auditing;

/// <summary>Audits draw from what passed a stage, and say how raters stand.</summary>
public sealed class AuditBookTests
{
    [Fact]
    public async Task Samples_are_drawn_from_all_that_passed_the_stage_and_from_nothing_else()
    {
        await using var bench = await FilledAsync();
        using var index = new ClipIndex(bench.Ledger);
        var audit = await CreatedAsync(bench, index, StageId.Borders, size: 200);

        var expected = bench.Ledger.Items(new ItemQuery(ItemKind.Clip)).Where(clip => Passed(bench, clip, StageId.Borders)).ToList();
        Assert.Contains(expected, clip => clip.State.Outcome == Outcome.Rejected);
        Assert.Contains(expected, clip => clip.State.Outcome == Outcome.Failed);
        Assert.Contains(expected, clip => clip.State.Outcome == Outcome.Active);
        Assert.Equal((expected.Count, (long)expected.Count), (audit.Size, audit.Population));
        Assert.Equal(expected.Select(clip => clip.Seq).Order(), bench.Ledger.AuditSamples(audit.Id).Order());
    }

    [Fact]
    public async Task A_draw_belongs_to_its_seed()
    {
        await using var bench = await FilledAsync();
        using var index = new ClipIndex(bench.Ledger);

        async Task<IReadOnlyList<long>> DrawAsync(long seed) => bench.Ledger.AuditSamples((await CreatedAsync(bench, index, StageId.Cut, size: 12, seed)).Id);

        var first = await DrawAsync(1);
        Assert.Equal(12, first.Distinct().Count());
        Assert.Equal(first, await DrawAsync(1));
        using var another = new ClipIndex(bench.Ledger);
        Assert.Equal(first, bench.Ledger.AuditSamples((await CreatedAsync(bench, another, StageId.Cut, size: 12)).Id));
        Assert.NotEqual(first.Order(), (await DrawAsync(2)).Order());
    }

    [Fact]
    public async Task A_smaller_draw_is_the_beginning_of_a_greater_one()
    {
        await using var bench = await FilledAsync();
        using var index = new ClipIndex(bench.Ledger);

        var twenty = bench.Ledger.AuditSamples((await CreatedAsync(bench, index, StageId.Cut, size: 20)).Id);
        var five = bench.Ledger.AuditSamples((await CreatedAsync(bench, index, StageId.Cut, size: 5)).Id);

        Assert.Equal(twenty.Take(5), five);
    }

    [Fact]
    public async Task Every_clip_comes_into_the_draw_for_some_seed()
    {
        await using var bench = await FilledAsync();
        using var index = new ClipIndex(bench.Ledger);
        var drawn = new HashSet<long>();
        for (var seed = 0; seed < 40; seed++)
        {
            drawn.UnionWith(bench.Ledger.AuditSamples((await CreatedAsync(bench, index, StageId.Cut, size: 10, seed)).Id));
        }

        Assert.Equal(bench.Ledger.Items(new ItemQuery(ItemKind.Clip)).Where(clip => Passed(bench, clip, StageId.Cut)).Select(clip => clip.Seq).Order(), drawn.Order());
    }

    [Fact]
    public async Task An_audit_of_one_job_draws_from_no_other()
    {
        await using var bench = await FilledAsync();
        using var index = new ClipIndex(bench.Ledger);
        var other = await bench.JobAsync(videos: 3, from: 100);
        await bench.SegmentAsync(other.Id, clips: 2);
        await bench.PassAsync(StageId.Cut, other.Id);

        var audit = await CreatedAsync(bench, index, StageId.Cut, size: 200, job: other.Id);

        Assert.Equal(6, audit.Size);
        Assert.All(bench.Ledger.ItemsBySeq(bench.Ledger.AuditSamples(audit.Id)), clip => Assert.Equal(other.Id, clip.Job));
    }

    [Fact]
    public async Task A_stage_of_videos_is_audited_over_the_videos_that_passed_it()
    {
        await using var bench = LedgerBench.InMemory();
        using var index = new ClipIndex(bench.Ledger);
        var job = await bench.JobAsync(videos: 10);
        await bench.PassAsync(StageId.Screen, job.Id);
        var fetched = await bench.LeaseAsync(StageId.Fetch, job.Id, max: 7);
        await bench.Ledger.CompleteAsync([LedgerBench.Rejected(fetched[0]), LedgerBench.Failed(fetched[1]), .. fetched.Skip(2).Select(item => LedgerBench.Passed(item))], "me");
        await bench.PassAsync(StageId.Probe, job.Id, max: 4);
        await bench.PassAsync(StageId.Segment, job.Id, clips: 1, max: 2);

        var audit = await CreatedAsync(bench, index, StageId.Fetch, size: 200);
        Assert.Equal(fetched.Skip(2).Select(item => item.Item.Seq), bench.Ledger.AuditSamples(audit.Id).Order());
        Assert.Equal(2, (await CreatedAsync(bench, index, StageId.Segment, size: 200)).Size);
        var three = await CreatedAsync(bench, index, StageId.Fetch, size: 3);
        Assert.Equal((3, 5L), (three.Size, three.Population));
        Assert.Equal(bench.Ledger.AuditSamples(audit.Id).Take(3), bench.Ledger.AuditSamples(three.Id));
    }

    [Theory]
    [InlineData(0, StageId.Borders, "1 to 2000 samples, not 0")]
    [InlineData(2001, StageId.Borders, "1 to 2000 samples, not 2001")]
    [InlineData(200, StageId.Duplicates, "audit the joint stage")]
    [InlineData(200, StageId.Joint, "Nothing has passed joint yet")]
    [InlineData(200, StageId.Screen, "Nothing has passed screen yet")]
    public async Task What_cannot_be_audited_is_refused_with_a_reason(int size, StageId stage, string reason)
    {
        await using var bench = LedgerBench.InMemory();
        using var index = new ClipIndex(bench.Ledger);
        await bench.JobAsync(videos: 2);

        var (audit, trouble) = await new AuditBook(bench.Ledger, index).CreateAsync("audit", stage, null, 1, size);

        Assert.Null(audit);
        Assert.Contains(reason, trouble, StringComparison.Ordinal);
        Assert.Empty(bench.Ledger.Audits());
    }

    [Fact]
    public void Every_rater_stands_alone()
    {
        var audit = new AuditRow(1, "audit", StageId.Borders, null, 1, Size: 3, Population: 9, default);

        var standings = AuditBook.Standings(audit, [Mark("bea", 0, AuditMark.Noisy), Mark("ada", 0, AuditMark.Clean), Mark("ada", 1, AuditMark.SlightlyNoisy), Mark("ada", 2, AuditMark.Clean)]);

        Assert.Equal([("ada", new Acceptance(2, 1, 0, 3)), ("bea", new Acceptance(0, 0, 1, 3))], standings);
        Assert.Equal([AuditVerdict.Passed, AuditVerdict.Open], standings.Select(rater => rater.Standing.Verdict));
    }

    [Fact]
    public void Agreement_is_over_the_samples_that_both_marked()
    {
        // Positions 1 to 4 in common: ada C N N S, bea C N C S. po = 3/4, pe = (1*2 + 2*1 + 1*1) / 16 = 5/16, kappa = 7/11.
        var marks = new[]
        {
            Mark("bea", 4, AuditMark.SlightlyNoisy), Mark("bea", 3, AuditMark.Clean), Mark("bea", 2, AuditMark.Noisy), Mark("bea", 1, AuditMark.Clean), Mark("bea", 9, AuditMark.Noisy),
            Mark("ada", 0, AuditMark.Noisy), Mark("ada", 1, AuditMark.Clean), Mark("ada", 2, AuditMark.Noisy), Mark("ada", 3, AuditMark.Noisy), Mark("ada", 4, AuditMark.SlightlyNoisy),
            Mark("cyn", 1, AuditMark.Clean),
        };

        var agreements = AuditBook.Agreements(marks);

        Assert.Equal([("ada", "bea", 4), ("ada", "cyn", 1), ("bea", "cyn", 1)], agreements.Select(pair => (pair.RaterA, pair.RaterB, pair.Common)));
        Assert.Equal(0.75, agreements[0].Observed);
        Assert.Equal(7 / 11.0, agreements[0].Kappa!.Value, 1e-12);
        Assert.Equal((1, null), (agreements[1].Observed, agreements[1].Kappa));
        Assert.Equal(new Agreement("ada", "bea", 0, null, null), Assert.Single(AuditBook.Agreements([Mark("ada", 0, AuditMark.Clean), Mark("bea", 1, AuditMark.Clean)])));
        Assert.Empty(AuditBook.Agreements([Mark("ada", 0, AuditMark.Clean)]));
    }

    /// <summary>40 clips: some wait before the caption stage and the aesthetics stage, some failed or were rejected on the way, some are accepted.</summary>
    private static async Task<LedgerBench> FilledAsync()
    {
        var bench = LedgerBench.InMemory();
        var job = await bench.JobAsync(videos: 10);
        await bench.SegmentAsync(job.Id, clips: 4);
        foreach (var (stage, left) in new[] { (StageId.Cut, 36), (StageId.Caption, 32), (StageId.Borders, 28), (StageId.Subtitles, 24), (StageId.Aesthetics, 14), (StageId.TechnicalQuality, 12), (StageId.Joint, 10) })
        {
            var leased = await bench.LeaseAsync(stage, job.Id, max: left);
            await bench.Ledger.CompleteAsync([LedgerBench.Rejected(leased[0]), LedgerBench.Failed(leased[1]), .. leased.Skip(2).Select(item => LedgerBench.Passed(item))], "me");
        }

        return bench;
    }

    private static bool Passed(LedgerBench bench, LedgerItem item, StageId stage) =>
        bench.Ledger.Trail(item.Seq).Any(line => line.Decision.Stage == stage && line.Decision.Verdict == DecisionVerdict.Passed);

    private static async Task<AuditRow> CreatedAsync(LedgerBench bench, ClipIndex index, StageId stage, int size, long seed = 1, long? job = null)
    {
        var (audit, trouble) = await new AuditBook(bench.Ledger, index).CreateAsync("audit", stage, job, seed, size);
        Assert.Null(trouble);
        return audit!;
    }

    private static AuditMarkRow Mark(string rater, int position, AuditMark mark) => new(rater, position, mark, default);
}
