using System.Globalization;
using MedGenCluster.Curation.Captioning;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Caption;
using MedGenCluster.Curation.Stages.Cut;
using MedGenCluster.Curation.Stages.Subtitles;

namespace MedGenCluster.Benchmarks.LedgerMillion;

/// <summary>A clip as the stages leave it: measured at random, decided by the real rules.</summary>
/// <param name="Features">What was measured up to its state.</param>
internal sealed record MeasuredClip(LifeState State, ClipFeatures Features, CaptionData Caption, int Words, double Border)
{
    private static readonly CurationOptions Options = new();
    private static readonly StageOrder Order = StageOrder.Clip(StageOrderKind.Paper);

    /// <summary>Words by rank, the most frequent first: those of any text, and those of a field among them.</summary>
    private static readonly string[] Vocabulary =
    [
        "the", "a", "of", "and", "with", "in", "to", "is", "shows", "left", "right", "view", .. Enumerable.Range(0, 80).Select(number => "common" + number),
        "surgeon", "liver", "gallbladder", "cystic", "artery", "duct", "heart", "valve", "ultrasound", "probe", "anatomy", "dissection", "suture", "needle", "nerve", "bone",
        .. Enumerable.Range(0, 3000).Select(number => "rare" + number),
    ];

    private static readonly string[] Recognised = [.. Enumerable.Range(0, 41).Select(count => StageData.Write(new SubtitlesData(
        [.. Enumerable.Range(0, SubtitlesStage.SampledFrames).Select(frame => (IReadOnlyList<RecognisedWord>)
            [.. Enumerable.Range(0, (count + SubtitlesStage.SampledFrames - 1 - frame) / SubtitlesStage.SampledFrames).Select(word => new RecognisedWord("anatomy", 70 + word, 240))])])))];

    private static readonly string CutFacts = StageData.Write(new CutData(
        720, 480, new FrameRate(30, 1), 240, 8, 1_400_000, 1, [.. Enumerable.Range(0, 8).Select(_ => new int[9])], new string('A', 176)));

    public static MeasuredClip Draw(Random random, long number)
    {
        var category = random.Next(6);
        var caption = new CaptionData(
            Text(random, 60), (number % 50_000 == 0 ? "zebrafish " : "") + Text(random, 12), category == 5 ? "" : ((ClipCategory)category).Name(), "template-1", "p", $"{number:x64}", [0.5, 2.5, 4.5, 6.5], $"{number:x32}");
        var words = Math.Min(40, (int)(-8 * Math.Log(1 - random.NextDouble())));
        var border = random.Next(12) == 0 ? random.Next(1, 60) : 0;
        var technical = Math.Clamp(random.NextDouble(), 0.0001, 0.9999);
        var all = new ClipFeatures(
            0, category == 5 ? -1 : category, random.Next(50) == 0, border, words, Math.Clamp(4.5 + (1.1 * Normal(random)), 0, 10), technical, Math.Clamp((technical + random.NextDouble()) / 2, 0, 1));

        // 30 of 100 wait before a stage and one failed there, if no rule removed them earlier.
        var fate = random.Next(100);
        var stop = fate < 31 ? random.Next(Order.Stages.Count) : Order.Stages.Count;
        var features = Upto(all, stop);
        var (outcome, stage) = ClipRules.Decide(Order, features, Options);
        return outcome switch
        {
            Outcome.Active when fate == 30 => Make(new LifeState(Outcome.Failed, stage, 3, "no frames"), features),
            Outcome.Active => Make(LifeState.At(stage), features),
            Outcome.Rejected => Make(new LifeState(Outcome.Rejected, stage, 0, stage.Name() + "-below-minimum", 0.2), Upto(all, Order.Stages.ToList().IndexOf(stage) + 1)),
            _ => Make(new LifeState(Outcome.Accepted, stage), features),
        };

        MeasuredClip Make(LifeState state, ClipFeatures measured) => new(state, measured, caption, words, border);
    }

    /// <summary>A stage's measurement as the ledger stores it.</summary>
    public (string Scores, string? Data) Stored(StageId stage) => stage switch
    {
        StageId.Cut => ("""{"frames":240,"seconds":8}""", CutFacts),
        StageId.Caption when Features.Refused == true => ("""{"refused":1}""", """{"text":"I cannot describe this."}"""),
        StageId.Caption => ("""{"refused":0,"detailedWords":60,"briefWords":12}""", StageData.Write(Caption)),
        StageId.Borders => ($$"""{"top":{{Border}},"bottom":0,"left":0,"right":0,"framesUsed":8}""", null),
        StageId.Subtitles => ($$"""{"words":{{Words}},"frames":5,"textAreaRatio":0.01}""", Recognised[Words]),
        StageId.Aesthetics => (Format("score", Features.Aesthetic!.Value), null),
        StageId.TechnicalQuality => (string.Create(
            CultureInfo.InvariantCulture, $$"""{"overallAsShipped":{{Features.TechnicalAsShipped:R}},"overallCorrected":{{Features.TechnicalCorrected:R}},"technical":0.5,"aesthetic":0.5}"""), null),
        _ => ("{}", null),
    };

    /// <summary>The features that the first stages measured, and no others.</summary>
    private static ClipFeatures Upto(in ClipFeatures all, int stages)
    {
        var measured = Order.Stages.Take(stages).Sum(ClipFeatures.Bit);
        bool Has(StageId stage) => (measured & ClipFeatures.Bit(stage)) != 0;
        return new ClipFeatures(
            measured, Has(StageId.Caption) ? all.Refused == true ? -1 : all.Category : null, Has(StageId.Caption) ? all.Refused : null, Has(StageId.Borders) ? all.Border : null,
            Has(StageId.Subtitles) ? all.Words : null, Has(StageId.Aesthetics) ? all.Aesthetic : null, Has(StageId.TechnicalQuality) ? all.TechnicalAsShipped : null,
            Has(StageId.TechnicalQuality) ? all.TechnicalCorrected : null);
    }

    private static string Format(string name, double value) => string.Create(CultureInfo.InvariantCulture, $$"""{"{{name}}":{{value:R}}}""");

    private static string Text(Random random, int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Vocabulary[Rank(random)]));

    /// <summary>A rank as words have it (Zipf): the n-th is drawn in proportion to 1/n.</summary>
    private static int Rank(Random random) => Math.Min(Vocabulary.Length, (int)Math.Exp(random.NextDouble() * Math.Log(Vocabulary.Length + 1))) - 1;

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
