using MedGenCluster.Curation.Quality;
using MedGenCluster.Curation.Tests.Support;

namespace MedGenCluster.Curation.Tests.Quality;

public sealed class DoverFusionTests
{
    public sealed record Terms(double T, double A, double X, double Overall, double? TechnicalSigmoid, double? AestheticSigmoid);

    public sealed record Case(double Technical, double Aesthetic, Terms AsShipped, Terms Corrected, Terms OnnxScript);

    private sealed record File(Case[] Cases);

    public static TheoryData<Case> Cases => [.. Goldens.Json<File>("dover_views", "fusion.json").Cases];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_the_reference_terms_of_every_formula(Case golden)
    {
        AssertTerms(golden.AsShipped, DoverFusion.Fuse(golden.Technical, golden.Aesthetic, DoverFusionFormula.AsShipped));
        AssertTerms(golden.Corrected, DoverFusion.Fuse(golden.Technical, golden.Aesthetic, DoverFusionFormula.Corrected));
        AssertTerms(golden.OnnxScript, DoverFusion.Fuse(golden.Technical, golden.Aesthetic, DoverFusionFormula.OnnxScript));
    }

    [Theory]
    [InlineData(DoverFusionFormula.AsShipped)]
    [InlineData(DoverFusionFormula.Corrected)]
    [InlineData(DoverFusionFormula.OnnxScript)]
    public void Better_raw_scores_give_a_better_overall_score(DoverFusionFormula formula)
    {
        var score = DoverFusion.Fuse(-0.08, 0.11, formula).Overall;

        Assert.True(DoverFusion.Fuse(-0.07, 0.11, formula).Overall > score);
        Assert.True(DoverFusion.Fuse(-0.08, 0.12, formula).Overall > score);
    }

    [Fact]
    public void The_corrected_formula_puts_the_mean_of_its_reference_set_at_one_half() =>
        Assert.Equal(0.5, DoverFusion.Fuse(-0.08285, 0.1107, DoverFusionFormula.Corrected).Overall, 1e-12);

    private static void AssertTerms(Terms expected, DoverScore score)
    {
        Near(expected.T, score.Technical);
        Near(expected.A, score.Aesthetic);
        Near(expected.X, score.Combined);
        Near(expected.Overall, score.Overall);
        if (expected.TechnicalSigmoid is { } technical)
            Near(technical, score.TechnicalSigmoid);
        if (expected.AestheticSigmoid is { } aesthetic)
            Near(aesthetic, score.AestheticSigmoid);

        static void Near(double expected, double actual) => Assert.Equal(expected, actual, 1e-12 * Math.Max(1, Math.Abs(expected)));
    }
}
