using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Caption;
using MedGenCluster.Curation.Stages.Segment;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Silo.Tests.Support;

/// <summary>A small crawl with clips at every outcome, written through the ledger as an engine writes it.</summary>
internal sealed class Corpus
{
    /// <summary>A title that a spreadsheet would take for a formula, and that quotes.</summary>
    public const string Title = "=SUM(1), \"Heart\" <b>&</b>";

    public const string Failure = "the tool died";

    private const string Owner = "tests";

    /// <summary>Clips of the first video, by the second at which they begin, over 8.</summary>
    public static readonly IReadOnlyList<ClipStory> Stories =
    [
        new("A surgeon closes a wound & says <b>done</b>.", Aesthetic: 6, Technical: 0.9),
        new("Ultrasound of a heart.", Aesthetic: 4.5, Technical: 0.5, Category: "imaging"),
        new("A dim corridor.", Aesthetic: 2.5),
        new("A framed slide.", Border: 12),
        new("A page of text.", Words: 30),
        new(StopAt: StageId.TechnicalQuality, Fails: true),
        new(StopAt: StageId.Caption),
        new("A blurred hand.", Aesthetic: 3.5, Technical: 0.2),
        new(Refused: true),
        new(StopAt: StageId.Cut),
        new("A lost clip.", Aesthetic: 7, Technical: 0.7, Media: "lost"),
        new("A broken clip.", Aesthetic: 3.2, Technical: 0.6, Media: "broken", Category: ""),
        new(StopAt: StageId.Cut, Fails: true),
    ];

    private readonly ILedger _ledger;
    private readonly Func<string, Task<MediaRef>> _media;

    private Corpus(ILedger ledger, Func<string, Task<MediaRef>> media) => (_ledger, _media) = (ledger, media);

    public long Job { get; private set; }

    public long Empty { get; private set; }

    public string Video { get; private set; } = "";

    public string FailedVideo { get; private set; } = "";

    public string SmallVideo { get; private set; } = "";

    public string WaitingVideo { get; private set; } = "";

    public IReadOnlyList<string> Clips { get; private set; } = [];

    public string Playable => Clips[0];

    public string Duplicate => Clips[1];

    public string FailedClip => Clips[5];

    public string Uncaptioned => Clips[6];

    public string Uncut => Clips[9];

    public string Lost => Clips[10];

    public string Broken => Clips[11];

    /// <param name="media">Adopts a file by a story's word for it.</param>
    public static async Task<Corpus> SeedAsync(ILedger ledger, string folder, Func<string, Task<MediaRef>> media)
    {
        var corpus = new Corpus(ledger, media);
        await corpus.SeedAsync(folder);
        return corpus;
    }

    private async Task SeedAsync(string folder)
    {
        Job = (await _ledger.CreateJobAsync("anatomy <i>1</i>", new SourceSpec(SourceKinds.Folder, folder), new CurationOptions())).Id;
        var videos = new[] { Title, "A film that is gone", "A small film", "A film that waits" }.Select((title, i) => new VideoMetadata
        {
            SourceKind = "folder", SourceKey = $"{i}.mp4", Location = Path.Combine(folder, $"{i}.mp4"), Title = title, Url = $"https://example.org/{i}", Licence = "CC BY", Channel = "Tests",
            UploadDate = "20250102", DurationSeconds = 120,
        }).ToList();
        (Video, FailedVideo, SmallVideo, WaitingVideo) = (videos[0].Id.Value, videos[1].Id.Value, videos[2].Id.Value, videos[3].Id.Value);
        await _ledger.AddVideosAsync(Job, videos, [.. Enumerable.Range(1, 3).Select(i => new SourceItem.Skipped($"list.csv:{i}", $"row {i} has no address"))]);
        await _ledger.SetListedAsync(Job, true);
        foreach (var stage in StageOrder.Video.Stages)
        {
            await WorkAsync(stage, (item, id) => VideoStepAsync(stage, item, id));
        }

        Clips = [.. _ledger.Items(new ItemQuery(ItemKind.Clip)).OrderBy(clip => clip.Id, StringComparer.Ordinal).Select(clip => clip.Id)];
        Assert.Equal(Stories.Count, Clips.Count);
        foreach (var stage in StageOrder.Clip(StageOrderKind.Paper).Stages)
        {
            await WorkAsync(stage, (item, id) => ClipStepAsync(stage, item, Stories[Clips.ToList().IndexOf(id)]));
        }

        var duplicate = (await _ledger.FindAsync(Duplicate))!;
        await _ledger.MarkDuplicatesAsync(new Dictionary<long, (string, double)> { [duplicate.Seq] = (Playable, 3) }, 8);
        Empty = (await _ledger.CreateJobAsync("empty", new SourceSpec(SourceKinds.Manifest, Path.Combine(folder, "list.csv")), new CurationOptions())).Id;
    }

    private async Task WorkAsync(StageId stage, Func<LeasedItem, string, Task<Completion?>> step)
    {
        var lease = await _ledger.LeaseAsync(stage, [Job], 100, Owner, TimeSpan.FromMinutes(5));
        var completions = new List<Completion>();
        var waiting = new List<long>();
        foreach (var item in lease.Items)
        {
            if (await step(item, item.Item.Id) is { } completion)
            {
                completions.Add(completion);
            }
            else
            {
                waiting.Add(item.Item.Seq);
            }
        }

        await _ledger.SettleVideosAsync((await _ledger.CompleteAsync(completions, Owner)).Settled);
        await _ledger.ReleaseAsync(waiting, Owner, TimeSpan.Zero);
    }

    private Task<Completion?> VideoStepAsync(StageId stage, LeasedItem leased, string id)
    {
        if (id == WaitingVideo)
        {
            return Task.FromResult<Completion?>(null);
        }

        if (id == FailedVideo && stage == StageId.Fetch)
        {
            return Task.FromResult<Completion?>(Failed(leased));
        }

        var measured = Measured.OfVideo(stage, Stories.Count, id == SmallVideo ? 240 : 1080);
        var rejected = id == SmallVideo && stage == StageId.Probe;
        var completion = Ended(leased, rejected ? "resolution-below-minimum" : null, 240, measured);
        return Task.FromResult<Completion?>(stage == StageId.Segment ? completion with { Clips = SegmentStage.Clips(measured, new SegmentOptions(), null) } : completion);
    }

    private async Task<Completion?> ClipStepAsync(StageId stage, LeasedItem leased, ClipStory story)
    {
        if (story.StopAt == stage)
        {
            return story.Fails ? Failed(leased) : null;
        }

        var media = stage == StageId.Cut ? await _media(story.Media) : leased.Item.Media!;
        var measured = Measured.OfClip(stage, story, media.Sha256);
        var features = ClipFeatures.Of(measured, new CurationOptions());
        var whole = new ClipFeatures(-1, 0, story.Refused, story.Border, story.Words, story.Aesthetic, story.Technical, story.Technical);
        var completion = Ended(leased, ClipRules.Rejects(stage, whole, new CurationOptions()) ? stage.Name() + "-rejected" : null, story.Aesthetic, measured);
        return completion with
        {
            Media = stage == StageId.Cut ? media : null,
            Features = features,
            SearchText = stage == StageId.Caption && !story.Refused ? StageData.Read<CaptionData>(measured)!.SearchText : null,
            Seconds = 2,
        };
    }

    private static Completion Ended(LeasedItem leased, string? reason, double score, Measurement measured)
    {
        var stage = leased.Item.State.Stage;
        LifeEvent happened = reason is null ? new LifeEvent.Passed(stage) : new LifeEvent.Rejected(stage, reason, score);
        return Moved(leased, happened, new Decision(stage, reason is null ? DecisionVerdict.Passed : DecisionVerdict.Rejected, reason, score, null, Measured.Model)) with { Measurement = measured };
    }

    private static Completion Failed(LeasedItem leased) =>
        Moved(leased, new LifeEvent.Failed(leased.Item.State.Stage, Failure, Retryable: false), new Decision(leased.Item.State.Stage, DecisionVerdict.Failed, Failure, null, null, Measured.Model)) with { Seconds = 2 };

    private static Completion Moved(LeasedItem leased, LifeEvent happened, Decision decision) => new(
        leased,
        leased.Item.Kind == ItemKind.Video
            ? VideoLifecycle.Apply(leased.Item.State, happened, RetryPolicy.Default)
            : ClipLifecycle.Apply(leased.Item.State, happened, StageOrder.Clip(StageOrderKind.Paper), RetryPolicy.Default),
        decision);
}
