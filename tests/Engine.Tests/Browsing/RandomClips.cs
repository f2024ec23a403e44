using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Caption;
using MedGenCluster.Curation.Stages.Subtitles;
using MedGenCluster.Engine.Embedded;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;
using NSubstitute;

namespace MedGenCluster.Engine.Tests.Browsing;

/// <summary>A ledger whose clips stand, wait, failed and ended at every stage, measured at random and decided by the real rules of the clip stages.</summary>
internal sealed class RandomClips(LedgerBench bench, Random random)
{
    private static readonly double[] Grid = [0, 0.1, 0.29, 0.3, 0.31, 0.5, 0.9];

    /// <summary>The real clip stages, which only decide here, beside video stages that let everything pass.</summary>
    public static readonly StageCatalog Stages = new(
        new FakePipeline().Catalog().Video.Values,
        StandardStages.Create(null!, null!, Substitute.For<IModelCatalog>(), _ => null!, [], "").Clip);

    /// <summary>Options that remove nothing but refused captions.</summary>
    public static readonly CurationOptions Lenient = new()
    {
        Borders = new BordersOptions { MinThickness = 100 },
        Subtitles = new SubtitlesOptions { MaxWords = 100 },
        Aesthetics = new AestheticsOptions { MinScore = 0 },
        TechnicalQuality = new TechnicalQualityOptions { Threshold = -1 },
        Joint = new JointOptions { MaxAesthetic = 0 },
    };

    /// <summary>Options near the values that the scores have.</summary>
    public static CurationOptions Options(Random random) => new()
    {
        Order = random.Next(2) == 0 ? StageOrderKind.Paper : StageOrderKind.FilterFirst,
        Borders = new BordersOptions { MinThickness = random.Next(5) },
        Subtitles = new SubtitlesOptions { MaxWords = random.Next(6) },
        Aesthetics = new AestheticsOptions { MinScore = random.Next(11) },
        TechnicalQuality = new TechnicalQualityOptions
        {
            Threshold = Grid[random.Next(Grid.Length)], Fusion = random.Next(2) == 0 ? DoverFusion.AsShipped : DoverFusion.Corrected, Direction = random.Next(4) == 0 ? ScoreDirection.RejectHigh : ScoreDirection.RejectLow,
        },
        Joint = new JointOptions
        {
            MaxTechnical = Grid[random.Next(Grid.Length)], MaxAesthetic = random.Next(11), Direction = random.Next(4) == 0 ? ScoreDirection.RejectHigh : ScoreDirection.RejectLow,
        },
    };

    private int _videos;

    public async Task<JobRow> FillAsync(CurationOptions options, int videos, int clips)
    {
        // Videos of their own: a ledger takes each once.
        var job = await bench.JobAsync(videos, options, from: _videos);
        _videos += videos;
        await bench.SegmentAsync(job.Id, clips);
        foreach (var stage in StageOrder.Clip(options.Order).Stages)
        {
            await WorkAsync(job, stage);
        }

        return job;
    }

    /// <summary>Works on what is due at a stage: some clips fail, some go on waiting.</summary>
    public async Task WorkAsync(JobRow job, StageId stage)
    {
        var interpreter = new ResultInterpreter<ClipWork>(Stages.Clip[stage], RetryPolicy.Default);
        var leased = await bench.LeaseAsync(stage, job.Id, 10_000);
        var completions = new List<Completion>();
        foreach (var item in leased)
        {
            switch (random.Next(14))
            {
                case 0:
                    break;
                case 1:
                    completions.Add(interpreter.Interpret(item, new StageResult.Failed("the tool died", Retryable: false), job.Options));
                    break;
                default:
                    completions.Add(interpreter.Interpret(item, new StageResult.Measured(Measure(stage)), job.Options));
                    break;
            }
        }

        var settled = (await bench.Ledger.CompleteAsync(completions, "me")).Settled;
        await bench.Ledger.SettleVideosAsync(settled);
        await bench.Ledger.ReleaseAsync([.. leased.Select(item => item.Item.Seq)], "me", TimeSpan.FromDays(1));
    }

    private Measurement Measure(StageId stage)
    {
        Dictionary<string, double> Map(params (string Name, double Value)[] scores) => scores.ToDictionary(score => score.Name, score => score.Value);
        (Dictionary<string, double> Scores, string? Data) measured = stage switch
        {
            StageId.Caption when random.Next(10) == 0 => (Map(("refused", 1)), """{"text":"I cannot."}"""),
            StageId.Caption => (Map(("refused", 0)), StageData.Write(new CaptionData($"A heart, number {random.Next(1000)}", "A heart", random.Next(3) == 0 ? "" : "imaging", "template-1", "p", "c", [], "b"))),
            StageId.Borders => (Map(("top", random.Next(5)), ("bottom", random.Next(3)), ("left", 0), ("right", random.Next(2) * 0.5)), null),
            StageId.Subtitles => (Map(("words", 0)), StageData.Write(new SubtitlesData([[.. Enumerable.Range(0, random.Next(8)).Select(_ => new RecognisedWord("word", random.Next(101), 10))]]))),
            StageId.Aesthetics => (Map(("score", random.Next(11))), null),
            StageId.TechnicalQuality => (Map(("overallAsShipped", Grid[random.Next(Grid.Length)]), ("overallCorrected", Grid[random.Next(Grid.Length)])), null),
            _ => (Map(("frames", 24)), null),
        };
        return new Measurement(stage, 1, "m@1", measured.Scores, measured.Data);
    }
}
