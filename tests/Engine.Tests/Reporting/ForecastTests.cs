using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Reporting;

namespace MedGenCluster.Engine.Tests.Reporting;

/// <summary>Forecasts of cases that are computed by hand.</summary>
public sealed class ForecastTests
{
    /// <summary>Half a minute into a minute; the window of five minutes began 270 seconds ago.</summary>
    private const long Now = 60_030;
    private const double Z80 = 1.2815515655446004;

    /// <summary>Ten videos before the probe, which passes six of ten; six are segmented into three clips each, of which the aesthetics stage passes one half.</summary>
    private static readonly Tally[] Halfway =
    [
        Video(Outcome.Active, StageId.Probe, 10), Video(Outcome.Rejected, StageId.Probe, 4), Video(Outcome.Done, StageId.Segment, 6),
        Clip(Outcome.Rejected, StageId.Aesthetics, 9), Clip(Outcome.Accepted, StageId.Joint, 9),
    ];

    private static readonly (StageId Stage, double Seconds)[] Costs =
    [
        (StageId.Probe, 1), (StageId.Segment, 2), (StageId.Cut, 0.5), (StageId.Caption, 4), (StageId.Borders, 0.1), (StageId.Subtitles, 0.1),
        (StageId.Aesthetics, 0.2), (StageId.TechnicalQuality, 0.3), (StageId.Joint, 0),
    ];

    [Fact]
    public void A_rate_is_that_of_the_last_five_minutes_and_a_cost_that_of_all_minutes()
    {
        var probe = Stage(Of(
            [Video(Outcome.Active, StageId.Probe, 7, job: 1), Video(Outcome.Active, StageId.Probe, 5, job: 2), Video(Outcome.Rejected, StageId.Probe, 9)],
            [Row(Now - 1830, StageId.Probe, 80, busy: 160), Row(Now - 330, StageId.Probe, 10, busy: 20), Row(Now - 270, StageId.Probe, 12, busy: 54), Row(Now - 30, StageId.Probe, 6, busy: 27)]), StageId.Probe);

        Assert.Equal(12, probe.Queue);
        Assert.Equal((12 + 6) * 60 / 270.0, probe.PerMinute, 1e-12);
        Assert.Equal((160 + 20 + 54 + 27) / 108.0, probe.SecondsPerItem!.Value, 1e-12);
        Assert.Equal((54 + 27) / 270.0, probe.Busy, 1e-12);
        Assert.Equal((54 + 27) / 270.0 / 2, probe.BusyShare, 1e-12);
    }

    [Fact]
    public void The_window_is_no_longer_than_the_engine_has_been_working()
    {
        var forecast = new Forecast([], [Row(Now - 30, StageId.Probe, 5, busy: 20)], Needs, Slots, Now, since: Now - 20);

        Assert.Equal(15, Stage(forecast, StageId.Probe).PerMinute, 1e-12);
        Assert.Equal(1, Stage(forecast, StageId.Probe).Busy, 1e-12);
    }

    [Fact]
    public void Nothing_known_gives_no_numbers()
    {
        var forecast = Of([], []);

        Assert.Equal(11, forecast.Stages.Count);
        Assert.All(forecast.Stages, stage => Assert.Equal((0, 0, null, 0, 0), (stage.Queue, stage.PerMinute, stage.SecondsPerItem, stage.Busy, stage.BusyShare)));
        Assert.Null(forecast.Bottleneck());
        Assert.Null(forecast.Eta(null, StageOrderKind.Paper));
    }

    [Fact]
    public void The_pace_is_set_by_the_greatest_stage_of_the_resource_with_the_most_work_for_each_slot()
    {
        // Processor: (100 x 1 + 60 x 2) / 2 slots = 110 s; interface: 100 x 4 / 4 slots = 100 s, although no single stage has more work.
        var pace = Of(
            [Clip(Outcome.Active, StageId.Cut, 100), Video(Outcome.Active, StageId.Segment, 60), Clip(Outcome.Active, StageId.Caption, 100)],
            [Row(Now - 30, StageId.Cut, 27, busy: 27), Row(Now - 30, StageId.Segment, 54, busy: 108), Row(Now - 30, StageId.Caption, 10, busy: 40)]).Bottleneck()!;

        Assert.Equal(StageId.Segment, pace.Stage.Stage);
        Assert.StartsWith("segment has 60 items before it, about 1 min of work; it finishes 12 a minute", pace.Sentence, StringComparison.Ordinal);
        // (27 + 108) slot-seconds of 2 slots over 270 seconds.
        Assert.Contains("the 2 CPU slots that it shares were 25", pace.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_without_a_queue_sets_no_pace() => Assert.Null(Of([Clip(Outcome.Accepted, StageId.Joint, 5)], [Row(Now - 30, StageId.Joint, 5, busy: 50)]).Bottleneck());

    [Fact]
    public void Time_to_the_end_follows_what_waits_through_the_pass_rates()
    {
        // Probe 10, segment 10 x 6/10, then 3 clips of each video up to the aesthetics stage, of which 1/2 goes on.
        // Processor: (10 x 1 + 6 x 2 + 18 x (0.5 + 0.1 + 0.1) + 9 x 0) / 2 slots = 17.3 s; model: 18 x 0.2 + 9 x 0.3 = 6.3 s; interface: 18 x 4 / 4 slots = 18 s.
        var eta = Of(Halfway, Known(Costs)).Eta(null, StageOrderKind.Paper)!;

        Assert.Equal(18, eta.Seconds, 1e-9);
    }

    [Fact]
    public void Filtering_first_captions_only_what_the_filters_pass()
    {
        // The captioner comes last: 9 x 4 / 4 slots = 9 s; the processor has the same 34.6 s of work for 2 slots.
        var eta = Of([.. Halfway[..^1], Clip(Outcome.Accepted, StageId.Caption, 9)], Known(Costs)).Eta(null, StageOrderKind.FilterFirst)!;

        Assert.Equal(17.3, eta.Seconds, 1e-9);
    }

    [Fact]
    public void One_job_is_forecast_from_its_own_items()
    {
        Tally[] tallies = [.. Halfway, Clip(Outcome.Active, StageId.Joint, 30, job: 2), Clip(Outcome.Accepted, StageId.Joint, 1, job: 2), Video(Outcome.AwaitingClips, StageId.Segment, 1, job: 2)];
        var forecast = Of(tallies, Known([.. Costs.SkipLast(1), (StageId.Joint, 0.4)]));

        Assert.Equal(30 * 0.4 / 2, forecast.Eta(2, StageOrderKind.Paper)!.Seconds, 1e-9);
        Assert.Equal((34.6 + (9 * 0.4)) / 2, forecast.Eta(1, StageOrderKind.Paper)!.Seconds, 1e-9);
        Assert.Null(forecast.Eta(3, StageOrderKind.Paper));
    }

    [Fact]
    public void A_stage_ahead_whose_cost_nobody_knows_leaves_the_end_open() =>
        Assert.All(Costs, unknown => Assert.Null(Of(Halfway, Known([.. Costs.Where(cost => cost != unknown)])).Eta(null, StageOrderKind.Paper)));

    [Fact]
    public void Videos_that_are_the_first_leave_the_end_open() =>
        Assert.Null(Of([Video(Outcome.Active, StageId.Probe, 10)], Known(Costs)).Eta(null, StageOrderKind.Paper));

    [Fact]
    public void A_finished_job_has_no_end_ahead() => Assert.Null(Of([.. Halfway.Skip(1)], Known(Costs)).Eta(null, StageOrderKind.Paper));

    [Fact]
    public void The_interval_is_that_of_the_pace_setters_minutes()
    {
        // Minutes of 4, 6 and 8 clips: mean 6, variance 4. 300 clips of 2 s in one slot are 600 s, ten minutes ahead.
        var rows = new[] { 4, 6, 8 }.Select((clips, i) => Row(Now - 150 + (i * 60), StageId.Aesthetics, clips, busy: 2 * clips)).ToArray();
        var eta = Of([Video(Outcome.AwaitingClips, StageId.Segment, 1), Clip(Outcome.Active, StageId.Aesthetics, 300)], [.. rows, .. Known([(StageId.TechnicalQuality, 0), (StageId.Joint, 0)])]).Eta(null, StageOrderKind.Paper)!;

        var spread = Z80 * Math.Sqrt(4.0 / 36 * ((1.0 / 3) + (1.0 / 10)));
        Assert.Equal(600, eta.Seconds, 1e-9);
        Assert.Equal(600 / (1 + spread), eta.Low, 1e-9);
        Assert.Equal(600 * (1 + spread), eta.High, 1e-9);
    }

    [Fact]
    public void The_interval_is_wide_while_few_minutes_are_known()
    {
        var eta = Of(Halfway, Known(Costs)).Eta(null, StageOrderKind.Paper)!;

        Assert.Equal(18 / (1 + (Z80 * 0.5)), eta.Low, 1e-9);
        Assert.Equal(18 * (1 + (Z80 * 0.5)), eta.High, 1e-9);
    }

    private static Forecast Of(Tally[] tallies, ThroughputRow[] minutes) => new(tallies, minutes, Needs, Slots, Now, since: 0);

    private static StageRate Stage(Forecast forecast, StageId stage) => forecast.Stages.Single(rate => rate.Stage == stage);

    /// <summary>One old minute in which each stage finished ten items.</summary>
    private static ThroughputRow[] Known((StageId Stage, double Seconds)[] costs) => [.. costs.Select(cost => Row(Now - 1830, cost.Stage, 10, 10 * cost.Seconds))];

    private static ThroughputRow Row(long start, StageId stage, long finished, double busy) => new(start, stage, 1, finished - 1, 1, 0, busy);

    private static Tally Video(Outcome outcome, StageId stage, long count, long job = 1) => new(job, ItemKind.Video, outcome, stage, "", count);

    private static Tally Clip(Outcome outcome, StageId stage, long count, long job = 1) => new(job, ItemKind.Clip, outcome, stage, "", count);

    private static Resource Needs(StageId stage) => stage switch
    {
        StageId.Caption => Resource.Api,
        StageId.Aesthetics or StageId.TechnicalQuality => Resource.Gpu,
        _ => Resource.Cpu,
    };

    private static int Slots(Resource resource) => resource switch
    {
        Resource.Cpu => 2,
        Resource.Api => 4,
        _ => 1,
    };
}
