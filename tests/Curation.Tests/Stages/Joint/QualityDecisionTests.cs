using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Processes;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Aesthetics;
using MedGenCluster.Curation.Stages.Joint;
using MedGenCluster.Curation.Stages.TechnicalQuality;
using NSubstitute;

namespace MedGenCluster.Curation.Tests.Stages.Joint;

/// <summary>The rules of arXiv 2507.05675 section 3.2 on stored scores.</summary>
public sealed class QualityDecisionTests
{
    private static readonly MediaTools Tools = new(Substitute.For<IProcessRunner>(), new MediaToolOptions());
    private static readonly IModelCatalog Models = Substitute.For<IModelCatalog>();

    [Theory]
    [InlineData(2.999, false)]
    [InlineData(3.0, true)]
    public void Aesthetics_below_three_is_removed(double score, bool passes)
    {
        var verdict = new AestheticsStage(Tools, Models).Decide(Scores(score, 0.5, 0.5), new CurationOptions());
        Assert.Equal((passes, 3.0, score), (verdict.Passed, verdict.Threshold!.Value, verdict.Score!.Value));
    }

    [Theory]
    [InlineData(0.0, false)]
    [InlineData(0.001, true)]
    public void Technical_quality_at_or_below_its_threshold_is_removed(double overall, bool passes) =>
        Assert.Equal(passes, Technical(overall, 1 - overall, new TechnicalQualityOptions()).Passed);

    [Fact]
    public void The_literal_direction_removes_what_lies_above() =>
        Assert.False(Technical(0.7, 0.7, new TechnicalQualityOptions { Direction = ScoreDirection.RejectHigh }).Passed);

    [Fact]
    public void The_fusion_that_the_options_name_decides()
    {
        var options = new TechnicalQualityOptions { Threshold = 0.5 };
        Assert.True(Technical(0.6, 0.4, options).Passed);
        Assert.False(Technical(0.6, 0.4, options with { Fusion = DoverFusion.Corrected }).Passed);
    }

    [Theory]
    [InlineData(3.9, 0.29, false)]
    [InlineData(4.0, 0.29, true)]
    [InlineData(3.9, 0.3, true)]
    [InlineData(4.9, 0.9, true)]
    public void The_joint_rule_needs_both_scores_low(double aesthetic, double overall, bool passes) =>
        Assert.Equal(passes, new JointStage().Decide(Scores(aesthetic, overall, 0.9), new CurationOptions()).Passed);

    [Fact]
    public async Task The_joint_stage_fails_a_clip_whose_scores_are_missing()
    {
        var video = new VideoWork(new VideoId("v1"), new VideoMetadata { SourceKind = "folder", SourceKey = "a", Location = "a" }, null, MeasurementSet.Empty, new CurationOptions());
        var clip = new ClipWork(new ClipId("v1-0-1"), new ClipInterval(0, 1), "", video, null, null, MeasurementSet.Empty);
        var failed = Assert.IsType<StageResult.Failed>(Assert.Single(await new JointStage().RunAsync([clip], CancellationToken.None)));
        Assert.False(failed.Retryable);
    }

    private static Verdict Technical(double asShipped, double corrected, TechnicalQualityOptions options)
    {
        using var stage = new TechnicalQualityStage(Tools, Models);
        return stage.Decide(Scores(5, asShipped, corrected), new CurationOptions { TechnicalQuality = options });
    }

    private static MeasurementSet Scores(double aesthetic, double asShipped, double corrected) => new(
    [
        new Measurement(StageId.Aesthetics, 1, "", new Dictionary<string, double> { ["score"] = aesthetic }),
        new Measurement(StageId.TechnicalQuality, 1, "", new Dictionary<string, double> { ["overallAsShipped"] = asShipped, ["overallCorrected"] = corrected }),
    ]);
}
