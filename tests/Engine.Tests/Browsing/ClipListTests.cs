using MedGenCluster.Curation.Captioning;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Caption;
using MedGenCluster.Engine.Browsing;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Browsing;

/// <summary>Lists of clips hold what their filters say, judged by the measurements themselves.</summary>
public sealed class ClipListTests : IAsyncLifetime, IDisposable
{
    private readonly LedgerBench _bench = LedgerBench.OnDisk();
    private ClipIndex _index = null!;
    private Dictionary<long, CurationOptions> _options = null!;

    public async Task InitializeAsync()
    {
        var corrected = new CurationOptions { TechnicalQuality = new TechnicalQualityOptions { Fusion = DoverFusion.Corrected } };
        var random = new RandomClips(_bench, new Random(23));
        await random.FillAsync(RandomClips.Lenient, videos: 6, clips: 8);
        await random.FillAsync(corrected, videos: 4, clips: 8);
        _options = (await _bench.Ledger.JobsAsync()).ToDictionary(job => job.Id, job => job.Options);
        _index = new ClipIndex(_bench.Ledger);
        await _index.RefreshAsync();
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    public void Dispose() => _index.Dispose();

    [Fact]
    public void Bounds_of_several_scores_hold_together_and_leave_out_what_is_not_measured()
    {
        var filter = new ClipFilter(Ranges: [new ScoreRange(ClipScore.Aesthetic, 4, null), new ScoreRange(ClipScore.Technical, 0.1, 0.5), new ScoreRange(ClipScore.Words, null, 3)]);

        var expected = Clips().Where(clip => Aesthetic(clip) >= 4 && Technical(clip) is >= 0.1 and <= 0.5 && Words(clip) <= 3);

        Assert.Equal(Numbers(expected), Listed(filter));
        Assert.NotEmpty(Listed(filter));
    }

    [Fact]
    public void Jobs_categories_and_refused_captions_are_told_apart()
    {
        var job = _options.Keys.Max();

        Assert.Equal(Numbers(Clips().Where(clip => clip.Job == job)), Listed(new ClipFilter(Job: job)));
        Assert.Equal(Numbers(Clips().Where(clip => Caption(clip)?.Category == "imaging")), Listed(new ClipFilter(Category: ClipCategory.Imaging)));
        Assert.Equal(Numbers(Clips().Where(clip => _bench.Ledger.Measurements(clip.Seq)[StageId.Caption] is not null && Caption(clip)?.Category is null or "")), Listed(new ClipFilter(NoCategory: true)));
        Assert.Equal(Numbers(Clips().Where(clip => clip.State is { Outcome: Outcome.Rejected, Reason: "caption-refused" })), Listed(new ClipFilter(Reason: "caption-refused")));
        Assert.Empty(Listed(new ClipFilter(Reason: "no such reason")));
    }

    [Fact]
    public async Task A_search_follows_a_caption_that_is_edited_between_two_pages()
    {
        var clips = Clips().Where(clip => Caption(clip)?.Brief is not null).ToList();
        Assert.Equal(Numbers(clips), Listed(new ClipFilter(Text: "HEART num")));

        await _bench.Ledger.EditCaptionAsync(clips[0].Seq, "A kidney", "A kidney alone", "Ada");
        await _index.RefreshAsync();

        Assert.Equal(Numbers(clips.Skip(1)), Listed(new ClipFilter(Text: "HEART num")));
        Assert.Equal([clips[0].Seq], Listed(new ClipFilter(Text: "kidney")));
        Assert.Empty(Listed(new ClipFilter(Text: "\"*")));
    }

    [Theory]
    [InlineData("next")]
    [InlineData("1_2_3")]
    [InlineData("0_0_0_x")]
    public void A_page_that_no_page_named_is_refused(string after) =>
        Assert.Contains(after, Assert.Throws<FormatException>(() => _index.Page(new ClipFilter(), new ClipSort(), _options, after, 10)).Message);

    [Fact]
    public void A_histogram_counts_each_measured_clip_once_with_its_own_jobs_fusion()
    {
        var counts = _index.Histogram(null, ClipScore.Technical, _options, 0, 1, 10);

        var values = Clips().Select(Technical).OfType<double>().ToList();
        Assert.Equal(Enumerable.Range(0, 10).Select(bin => values.LongCount(value => Math.Min(9, (int)(value * 10)) == bin)), counts);
        Assert.Equal(Clips().LongCount(clip => Aesthetic(clip) is not null), _index.Histogram(null, ClipScore.Aesthetic, _options, 4, 5, 3).Sum());
    }

    [Theory]
    [InlineData(60, 3600)]
    [InlineData(60, 86_400)]
    public void Throughput_in_longer_parts_adds_up_to_that_of_its_spans(int span, long part)
    {
        var spans = _bench.Ledger.Throughput(span, 0, null);

        var parts = _bench.Ledger.Throughput(span, 0, null, part);

        Assert.Equal(
            spans.GroupBy(row => (Start: row.Start / part * part, row.Stage)).OrderBy(group => group.Key)
                .Select(group => new ThroughputRow(group.Key.Start, group.Key.Stage, 0, group.Sum(row => row.Passed), group.Sum(row => row.Rejected), group.Sum(row => row.Failed), group.Sum(row => row.Busy))),
            parts);
        Assert.Equal(spans[0].Start, _bench.Ledger.FirstThroughput(span, null));
        Assert.Null(_bench.Ledger.FirstThroughput(span, job: 99));
    }

    private static List<long> Numbers(IEnumerable<LedgerItem> clips) => [.. clips.Select(clip => clip.Seq).Order()];

    private List<LedgerItem> Clips() => [.. _bench.Ledger.Items(new ItemQuery(ItemKind.Clip)).OrderBy(clip => clip.Seq)];

    private List<long> Listed(ClipFilter filter) => [.. _index.Page(filter, new ClipSort(), _options, null, 1000).Clips.Order()];

    private double? Aesthetic(LedgerItem clip) => _bench.Ledger.Measurements(clip.Seq)[StageId.Aesthetics]?.Scores["score"];

    private double? Technical(LedgerItem clip) =>
        _bench.Ledger.Measurements(clip.Seq)[StageId.TechnicalQuality]?.Scores[_options[clip.Job].TechnicalQuality.Fusion == DoverFusion.Corrected ? "overallCorrected" : "overallAsShipped"];

    private int Words(LedgerItem clip) => Curation.Stages.Subtitles.SubtitlesStage.Words(_bench.Ledger.Measurements(clip.Seq)[StageId.Subtitles]!, _options[clip.Job].Subtitles);

    /// <summary>Null where nobody captioned the clip, or the captioner refused.</summary>
    private CaptionData? Caption(LedgerItem clip) => _bench.Ledger.Measurements(clip.Seq)[StageId.Caption] is { } measured && !CaptionStage.IsRefused(measured) ? StageData.Read<CaptionData>(measured) : null;
}
