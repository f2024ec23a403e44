using FsCheck.Fluent;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Curation.Tests.Lifecycle;

/// <summary>Deciding anew from measurements gives what living through the verdicts gives.</summary>
public sealed class ReplayTests
{
    public static TheoryData<StageOrderKind> Orders => [.. LifeGenerators.Orders];

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_replay_ends_where_the_live_clip_ended(StageOrderKind kind)
    {
        var order = StageOrder.Clip(kind);
        LifeGenerators.Holds(Gen.Choose(0, 100).ArrayOf(order.Stages.Count), scores =>
        {
            var measurements = Measured(order.Stages, scores);

            var (state, decisions) = Replay.Clip(order, measurements, AtLeastTen);

            return state == ClipLifecycleTests.Live(order, stage => AtLeastTen(stage, measurements))
                && decisions.Select(decision => decision.Stage).SequenceEqual(order.Stages.TakeWhile(stage => stage != state.Stage).Append(state.Stage))
                && decisions.Count(decision => !decision.Verdict.Passed) == (state.Outcome == Outcome.Rejected ? 1 : 0);
        });
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_clip_becomes_active_where_a_measurement_is_missing(StageOrderKind kind)
    {
        var order = StageOrder.Clip(kind);
        for (var known = 0; known < order.Stages.Count; known++)
        {
            var measurements = Measured([.. order.Stages.Take(known)], [.. Enumerable.Repeat(50, known)]);

            var (state, decisions) = Replay.Clip(order, measurements, AtLeastTen);

            Assert.Equal(LifeState.At(order.Stages[known]), state);
            Assert.Equal(known, decisions.Count);
        }
    }

    [Fact]
    public void A_video_with_all_measurements_awaits_its_clips()
    {
        var (state, decisions) = Replay.Video(Measured(StageOrder.Video.Stages, [50, 50, 50, 50]), AtLeastTen);

        Assert.Equal(new LifeState(Outcome.AwaitingClips, StageId.Segment), state);
        Assert.All(decisions, decision => Assert.Equal("model@7", decision.ModelVersion));
    }

    [Fact]
    public void A_video_is_rejected_where_its_first_verdict_refuses()
    {
        var (state, decisions) = Replay.Video(Measured(StageOrder.Video.Stages, [50, 50, 3, 1]), AtLeastTen);

        Assert.Equal(new LifeState(Outcome.Rejected, StageId.Probe, 0, "below", 3), state);
        Assert.Equal([StageId.Screen, StageId.Fetch, StageId.Probe], decisions.Select(decision => decision.Stage));
    }

    private static Verdict AtLeastTen(StageId stage, IMeasurements measurements)
    {
        var score = measurements[stage]!.Scores["score"];
        return score >= 10 ? Verdict.Pass(score, 10) : Verdict.Reject("below", score, 10);
    }

    private static MeasurementSet Measured(IReadOnlyList<StageId> stages, int[] scores) =>
        new(stages.Select((stage, i) => new Measurement(stage, 1, "model@7", new Dictionary<string, double> { ["score"] = scores[i] })));
}
