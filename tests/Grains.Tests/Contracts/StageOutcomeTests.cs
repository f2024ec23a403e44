using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace MedGenCluster.Grains.Tests.Contracts;

public sealed class StageOutcomeTests
{
    private static readonly Serializer Serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void A_measured_result_comes_over_whole()
    {
        var measured = new StageResult.Measured(
            new Measurement(StageId.Cut, 3, "model@1", new Dictionary<string, double> { ["a"] = 0.1, ["b"] = -7.5 }, "{\"data\":1}"),
            new MediaRef(new string('a', 64), 123), "/media/path", [new ClipPlan(ClipInterval.FromSeconds(1, 9), "words")], SimulatedSource.Video(3));

        var come = Assert.IsType<StageResult.Measured>(Send(measured));

        Assert.Equal((StageId.Cut, 3, "model@1", "{\"data\":1}"), (come.Measurement.Stage, come.Measurement.StageVersion, come.Measurement.ModelVersion, come.Measurement.Data));
        Assert.Equal(measured.Measurement.Scores, come.Measurement.Scores);
        Assert.Equal((measured.Media, measured.MediaPath), (come.Media, come.MediaPath));
        Assert.Equal(measured.Clips, come.Clips);
        Assert.Equal(measured.Metadata!.Id, come.Metadata!.Id);
    }

    [Fact]
    public void A_result_without_extras_comes_over_without()
    {
        var come = Assert.IsType<StageResult.Measured>(Send(new StageResult.Measured(new Measurement(StageId.Probe, 1, "m", new Dictionary<string, double>()))));

        Assert.True(come is { Media: null, MediaPath: null, Clips: null, Metadata: null });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_failure_says_whether_it_may_be_tried_again(bool retryable) =>
        Assert.Equal(new StageResult.Failed("a reason", retryable), Send(new StageResult.Failed("a reason", retryable)));

    [Fact]
    public void A_postponement_keeps_its_time() =>
        Assert.Equal(new StageResult.Postponed("later", TimeSpan.FromSeconds(5)), Send(new StageResult.Postponed("later", TimeSpan.FromSeconds(5))));

    [Fact]
    public void A_kind_of_a_later_version_is_a_failure_that_says_so()
    {
        var come = Assert.IsType<StageResult.Failed>(new StageOutcome(17).ToResult());

        Assert.Contains("another version", come.Reason, StringComparison.Ordinal);
    }

    private static StageResult Send(StageResult result) => Serializer.Deserialize<StageOutcome>(Serializer.SerializeToArray(StageOutcome.Of(result)))!.ToResult();
}
