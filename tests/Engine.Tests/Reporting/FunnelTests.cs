using FsCheck;
using FsCheck.Fluent;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Reporting;
using Outcome = MedGenCluster.Curation.Lifecycle.Outcome;

namespace MedGenCluster.Engine.Tests.Reporting;

/// <summary>The numbers of the funnel add up, whatever the tallies are.</summary>
public sealed class FunnelTests
{
    private static readonly LifeState[] VideoStates =
    [
        .. StageOrder.Video.Stages.SelectMany(stage => new[] { LifeState.At(stage), new LifeState(Outcome.Rejected, stage, 0, "a"), new LifeState(Outcome.Rejected, stage, 0, "b"), new LifeState(Outcome.Failed, stage) }),
        new LifeState(Outcome.AwaitingClips, StageId.Segment),
        new LifeState(Outcome.Done, StageId.Segment),
    ];

    private static readonly LifeState[] ClipStates =
    [
        .. StageOrder.Clip(StageOrderKind.Paper).Stages.SelectMany(stage => new[] { LifeState.At(stage), new LifeState(Outcome.Rejected, stage, 0, "a"), new LifeState(Outcome.Failed, stage) }),
        new LifeState(Outcome.Accepted, StageId.Joint),
        new LifeState(Outcome.Accepted, StageId.Caption),
        new LifeState(Outcome.Rejected, StageId.Segment, 0, "not-in-plan"),
        new LifeState(Outcome.Rejected, StageId.Probe, 0, "video-too-small"),
    ];

    private static readonly Gen<Tally[]> Tallies =
        from counts in Gen.Choose(0, 500).ArrayOf(2 * (VideoStates.Length + ClipStates.Length))
        select VideoStates.Select(state => (Kind: ItemKind.Video, State: state)).Concat(ClipStates.Select(state => (Kind: ItemKind.Clip, State: state)))
            .SelectMany((cell, i) => new[] { 1L, 2L }.Select(job => new Tally(
                job, cell.Kind, cell.State.Outcome, cell.State.Stage, cell.State.Outcome == Outcome.Rejected ? cell.State.Reason! : "", counts[(2 * i) + (int)job - 1])))
            .ToArray();

    public static TheoryData<StageOrderKind> Orders => [.. Enum.GetValues<StageOrderKind>()];

    [Theory]
    [MemberData(nameof(Orders))]
    public void What_goes_into_a_stage_comes_out_of_it(StageOrderKind order) => Holds(Tallies, tallies =>
    {
        var funnel = Funnel.Of(tallies, order);
        foreach (var row in funnel.Rows)
        {
            Assert.Equal(row.In, row.Pending + row.Rejected + row.Failed + row.Passed);
            Assert.Equal(row.Rejected, row.Reasons.Sum(reason => reason.Count));
            Assert.Equal(row.Reasons.OrderByDescending(reason => reason.Count).Select(reason => reason.Count), row.Reasons.Select(reason => reason.Count));
        }

        foreach (var kind in Enum.GetValues<ItemKind>())
        {
            var rows = funnel.Rows.Where(row => row.Kind == kind).ToList();
            Assert.Equal(rows.SkipLast(1).Select(row => row.Passed), rows.Skip(1).Select(row => row.In));
        }

        Assert.Equal(funnel.Clips, funnel.Rows.First(row => row.Kind == ItemKind.Clip).In);
        Assert.Equal(funnel.Accepted, funnel.Rows[^1].Passed);
        Assert.Equal(funnel.Videos, funnel.Rows[0].In);
        return funnel.Progress is >= 0 and <= 1;
    });

    [Fact]
    public void A_job_has_its_own_funnel_and_the_jobs_add_up() => Holds(Tallies, tallies =>
    {
        var (first, second, both) = (Funnel.Of(tallies, StageOrderKind.Paper, 1), Funnel.Of(tallies, StageOrderKind.Paper, 2), Funnel.Of(tallies, StageOrderKind.Paper));
        return both.Accepted == first.Accepted + second.Accepted && both.Videos == first.Videos + second.Videos && both.Failed == first.Failed + second.Failed
            && both.Rows.Zip(first.Rows.Zip(second.Rows)).All(rows => rows.First.Pending == rows.Second.First.Pending + rows.Second.Second.Pending);
    });

    [Fact]
    public void A_withdrawn_clip_is_no_clip()
    {
        var funnel = Funnel.Of(
            [
                new Tally(1, ItemKind.Video, Outcome.Done, StageId.Segment, "", 1),
                new Tally(1, ItemKind.Clip, Outcome.Accepted, StageId.Joint, "", 2),
                new Tally(1, ItemKind.Clip, Outcome.Rejected, StageId.Segment, "not-in-plan", 5),
            ],
            StageOrderKind.Paper);

        Assert.Equal((2, 2, 2), (funnel.Clips, funnel.ClipsEnded, funnel.Accepted));
        Assert.All(funnel.Rows.Where(row => row.Kind == ItemKind.Clip), row => Assert.Equal((2, 2), (row.In, row.Passed)));
    }

    [Fact]
    public void Progress_is_nothing_without_videos_and_all_when_everything_has_ended()
    {
        Assert.Equal(0, Funnel.Of([], StageOrderKind.Paper).Progress);
        Assert.Equal(1, Funnel.Of([new Tally(1, ItemKind.Video, Outcome.Rejected, StageId.Screen, "off-topic", 9)], StageOrderKind.Paper).Progress);
        Assert.Equal(1, Funnel.Of(
            [new Tally(1, ItemKind.Video, Outcome.Done, StageId.Segment, "", 3), new Tally(1, ItemKind.Clip, Outcome.Accepted, StageId.Joint, "", 8), new Tally(1, ItemKind.Clip, Outcome.Failed, StageId.Cut, "", 1)],
            StageOrderKind.Paper).Progress);
    }

    /// <summary>Only work that is found newly can set progress back.</summary>
    [Fact]
    public void Progress_never_falls_when_a_clip_moves_on_or_a_video_ends() => Holds(
        Tallies.SelectMany(tallies => Gen.Choose(0, 10_000).Select(choice => (tallies, choice))),
        draw =>
        {
            var movable = draw.tallies.Where(tally => tally is { Outcome: Outcome.Active, Count: > 0 }).ToList();
            if (movable.Count == 0)
            {
                return true;
            }

            var moving = movable[draw.choice % movable.Count];
            var stages = moving.Kind == ItemKind.Video ? StageOrder.Video : StageOrder.Clip(StageOrderKind.Paper);
            var next = (draw.choice % 3, stages.After(moving.Stage)) switch
            {
                (0, { } stage) => new Tally(moving.Job, moving.Kind, Outcome.Active, stage, "", 1),
                (1, _) => new Tally(moving.Job, moving.Kind, Outcome.Failed, moving.Stage, "", 1),
                (0, null) when moving.Kind == ItemKind.Clip => new Tally(moving.Job, moving.Kind, Outcome.Accepted, moving.Stage, "", 1),
                _ => new Tally(moving.Job, moving.Kind, Outcome.Rejected, moving.Stage, "a", 1),
            };
            var before = Funnel.Of(draw.tallies, StageOrderKind.Paper).Progress;
            var after = Funnel.Of([.. draw.tallies, moving with { Count = -1 }, next], StageOrderKind.Paper).Progress;
            return after >= before - 1e-12;
        });

    private static void Holds<T>(Gen<T> inputs, Func<T, bool> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100).WithReplay(110969, 55803), Prop.ForAll(inputs.ToArbitrary(), property));
}
