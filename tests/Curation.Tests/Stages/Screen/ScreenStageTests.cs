using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Screen;

namespace MedGenCluster.Curation.Tests.Stages.Screen;

public sealed class ScreenStageTests
{
    private readonly ScreenStage _stage = new();

    [Theory]
    [InlineData(null, null)]
    [InlineData(6.0, null)]
    [InlineData(3600.0, null)]
    [InlineData(5.9, "too-short")]
    public async Task Only_a_known_duration_can_be_too_short(double? seconds, string? reason)
    {
        var verdict = await VerdictAsync(seconds, live: false);

        Assert.Equal((reason is null, reason), (verdict.Passed, verdict.Reason));
        Assert.Equal(seconds, verdict.Score);
    }

    [Fact]
    public async Task Live_streams_are_turned_away() => Assert.Equal("live", (await VerdictAsync(3600, live: true)).Reason);

    [Theory]
    [InlineData("Creative Commons Attribution license (reuse allowed)", true)]
    [InlineData("Standard", false)]
    [InlineData(null, true)]
    public async Task A_known_licence_that_is_not_wanted_is_turned_away_before_the_fetch(string? licence, bool passes)
    {
        var work = StageLab.Video(null);
        var measured = await StageLab.MeasuredAsync(_stage, work with { Metadata = work.Metadata with { Licence = licence } });
        var only = new CurationOptions { Licence = new LicenceOptions { Only = LicencePolicy.CreativeCommons } };
        Assert.Equal(passes, _stage.Decide(new MeasurementSet([measured.Measurement]), only).Passed);
    }

    private Task<Verdict> VerdictAsync(double? seconds, bool live)
    {
        var work = StageLab.Video(null);
        return StageLab.VerdictAsync(_stage, work with { Metadata = work.Metadata with { DurationSeconds = seconds, IsLive = live } });
    }
}
