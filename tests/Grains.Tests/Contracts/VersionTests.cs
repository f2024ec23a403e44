using MedGenCluster.Curation.Domain;
using MedGenCluster.Grains.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace MedGenCluster.Grains.Tests.Contracts;

/// <summary>What silos of two versions say to one another: fields may be added, under new numbers.</summary>
public sealed class VersionTests
{
    private static readonly Serializer Serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void A_field_that_a_later_version_adds_is_left_out_by_an_older_one()
    {
        var later = new LaterReport("S1", 2, 3, StageId.Caption, new LaterOutcome(1, "a reason", true, "added"), 4.5, ["added"]);

        var read = Serializer.Deserialize<LaneReport>(Serializer.SerializeToArray(later))!;

        Assert.Equal(new LaneReport("S1", 2, 3, StageId.Caption, null, 4.5), read with { Result = null });

        // What is not sent is empty, whatever a constructor's default says.
        Assert.Equal(new StageOutcome(1, "a reason", true) { ModelVersion = null! }, read.Result);
    }

    [Fact]
    public void A_field_that_an_older_version_does_not_know_has_its_default()
    {
        var older = new LaneReport("S1", 2, 3, StageId.Caption, new StageOutcome(1, "a reason", true), 4.5);

        var read = Serializer.Deserialize<LaterReport>(Serializer.SerializeToArray(older))!;

        Assert.Equal(("S1", 3L, 4.5), (read.Owner, read.Item, read.Seconds));
        Assert.Null(read.Added);
        Assert.Equal(("a reason", (string?)null), (read.Result!.Reason, read.Result.Added));
    }

    [Fact]
    public void An_answer_of_a_later_version_is_not_taken_for_an_acceptance()
    {
        var read = Serializer.Deserialize<LaneAnswer>(Serializer.SerializeToArray(new LaneAnswer((LaneAnswerKind)17, 8, TimeSpan.FromSeconds(1))));

        Assert.NotEqual(LaneAnswerKind.Accepted, read.Kind);
        Assert.Equal((8, TimeSpan.FromSeconds(1)), (read.Capacity, read.RetryAfter));
    }
}

[GenerateSerializer, Alias("medgen.tests.later-report")]
public sealed record LaterReport(
    [property: Id(0)] string Owner, [property: Id(1)] long Number, [property: Id(2)] long Item, [property: Id(3)] StageId Stage, [property: Id(4)] LaterOutcome? Result, [property: Id(5)] double Seconds,
    [property: Id(6)] List<string>? Added);

[GenerateSerializer, Alias("medgen.tests.later-outcome")]
public sealed record LaterOutcome([property: Id(0)] int Kind, [property: Id(1)] string? Reason, [property: Id(2)] bool Retryable, [property: Id(20)] string? Added);
