using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Tests.Support;

namespace MedGenCluster.Grains.Tests.Lanes;

public sealed class LaneRouterTests
{
    private static readonly LaneAnswer One = new(LaneAnswerKind.Accepted, 1, TimeSpan.Zero);
    private static readonly EngineOptions Impatient = new() { LaneAskEvery = TimeSpan.FromMilliseconds(5), LaneLimit = TimeSpan.FromMinutes(1) };

    private readonly RouterBench _bench = new();

    [Fact]
    public async Task An_item_goes_to_the_lane_with_most_room_and_its_report_ends_it()
    {
        var (a, b) = (_bench.Join("a"), _bench.Join("b"));
        var items = Enumerable.Range(1, 4).Select(item => _bench.Run(item)).ToList();

        Assert.Equal((2, 2), (a.Submitted.Count, b.Submitted.Count));

        await _bench.TellAsync(3, seconds: 2.5);
        Assert.Equal(2.5, (await items[2]).Seconds);
        Assert.DoesNotContain(items, item => item != items[2] && item.IsCompleted);
    }

    [Fact]
    public async Task Items_that_wait_go_in_the_order_in_which_they_came()
    {
        var lane = _bench.Join("a");
        lane.Answer = () => One;
        var items = Enumerable.Range(1, 4).Select(item => _bench.Run(item)).ToList();
        for (var item = 1; item <= 4; item++)
        {
            Assert.Equal(Enumerable.Range(1, item).Select(number => (long)number), lane.Submitted);
            await _bench.TellAsync(item);
            await items[item - 1];
            await Eventually.TrueAsync(() => lane.Submitted.Count == Math.Min(item + 1, 4));
        }
    }

    [Fact]
    public async Task An_item_that_a_busy_lane_refused_is_asked_for_again_after_the_pause_and_before_all_that_wait()
    {
        var lane = _bench.Join("a");
        lane.Answer = () => new LaneAnswer(LaneAnswerKind.Busy, 1, TimeSpan.FromMilliseconds(100));
        var first = _bench.Run(1);
        var second = _bench.Run(2);
        _bench.Router.Refresh();
        Assert.Equal([1], lane.Submitted);

        lane.Answer = () => One;
        _bench.Time.Advance(TimeSpan.FromMilliseconds(100));
        _bench.Router.Refresh();
        await Eventually.TrueAsync(() => lane.Submitted.Count == 2);
        Assert.Equal([1, 1], lane.Submitted);

        await _bench.TellAsync(1);
        await first;
        await Eventually.TrueAsync(() => lane.Submitted.Count == 3);
        await _bench.TellAsync(2);
        await second;
    }

    [Fact]
    public async Task An_item_whose_silo_has_died_goes_before_all_that_wait()
    {
        var lane = _bench.Join("a");
        lane.Answer = () => One;
        var (first, second, orphan) = (_bench.Run(1), _bench.Run(2), _bench.RunAgain(3));

        await _bench.TellAsync(1);
        await first;
        await Eventually.TrueAsync(() => lane.Submitted.Count == 2);
        await _bench.TellAsync(3);
        await orphan;
        await Eventually.TrueAsync(() => lane.Submitted.Count == 3);
        Assert.Equal([1, 3, 2], lane.Submitted);
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public void A_lane_that_drains_is_left_alone()
    {
        var drains = _bench.Join("a");
        drains.Answer = () => new LaneAnswer(LaneAnswerKind.Draining, 8, TimeSpan.FromMinutes(5));
        var other = _bench.Join("b");
        for (var item = 1; item <= 3; item++)
        {
            _ = _bench.Run(item);
        }

        Assert.Equal([1], drains.Submitted);
        Assert.Equal([1, 2, 3], other.Submitted);
    }

    [Fact]
    public void A_lane_that_cannot_be_reached_is_suspect_for_a_while_and_its_item_goes_elsewhere()
    {
        var broken = _bench.Join("a");
        broken.Answer = () => throw new TimeoutException("no answer");
        var other = _bench.Join("b");
        _ = _bench.Run(1);
        _ = _bench.Run(2);
        Assert.Equal([1], broken.Submitted);
        Assert.Equal([1, 2], other.Submitted);

        _bench.Time.Advance(TimeSpan.FromSeconds(5));
        _ = _bench.Run(3);
        Assert.Equal([1, 3], broken.Submitted);
    }

    [Fact]
    public async Task What_a_dead_silo_had_goes_to_another()
    {
        var dead = _bench.Join("a");
        var item = _bench.Run(1);
        var other = _bench.Join("b");

        _bench.Dies("a");
        await Eventually.TrueAsync(() => other.Submitted.Count == 1);
        await _bench.TellAsync(1);

        await item;
        Assert.Equal([1], dead.Submitted);
    }

    [Fact]
    public async Task An_item_with_which_five_silos_died_in_turn_fails_for_good_and_one_that_was_there_once_does_not()
    {
        var innocent = Task.CompletedTask;
        var lethal = Task.FromResult<ExecutedStage>(null!);
        for (var death = 1; death <= 5; death++)
        {
            var lane = _bench.Join($"silo {death}");
            if (death == 1)
            {
                lethal = _bench.Run(1);
            }
            else if (death == 5)
            {
                innocent = _bench.Run(2);
            }

            await Eventually.TrueAsync(() => lane.Submitted.Contains(1) && (death < 5 || lane.Submitted.Contains(2)));
            Assert.False(lethal.IsCompleted);
            _bench.Dies($"silo {death}");
        }

        var failed = Assert.IsType<StageResult.Failed>((await lethal).Result);
        Assert.Equal(("5 GPU silos in turn died while they had it in hand; it may be what kills them.", false), (failed.Reason, failed.Retryable));

        var next = _bench.Join("next");
        await Eventually.TrueAsync(() => next.Submitted.Count == 1);
        await _bench.TellAsync(2);
        await innocent;
        Assert.Equal([2], next.Submitted);
    }

    [Fact]
    public async Task A_silo_that_dies_before_it_has_taken_an_item_says_nothing_of_the_item()
    {
        RouterBench.FakeLane? lane = null;
        for (var silo = 1; silo <= 7; silo++)
        {
            lane = _bench.Join($"silo {silo}");
            lane.Answer = () => throw new SiloUnavailableException("gone before it answered");
            if (silo == 1)
            {
                _ = _bench.Run(1);
            }

            await Eventually.TrueAsync(() => lane.Submitted.Count == 1);
            _bench.Dies($"silo {silo}");
        }

        var last = _bench.Join("last");
        await Eventually.TrueAsync(() => last.Submitted.Count == 1);
    }

    [Fact]
    public async Task An_item_that_its_lane_gave_back_or_forgot_is_given_to_a_lane_again()
    {
        var bench = new RouterBench(Impatient);
        var lane = bench.Join("a");
        var item = bench.Run(1);
        await bench.TellAsync(1, givenBack: true);
        await Eventually.TrueAsync(() => lane.Submitted.Count == 2);

        lane.Holds = false;
        await Eventually.TrueAsync(() =>
        {
            bench.Time.Advance(Impatient.LaneAskEvery);
            return lane.Submitted.Count >= 3;
        });
        lane.Holds = true;
        await Eventually.TrueAsync(() =>
        {
            // Between two lanes nobody listens for the report.
            bench.TellAsync(1).Wait();
            return item.IsCompletedSuccessfully;
        });
    }

    [Fact]
    public async Task An_item_that_is_called_off_is_called_off_on_its_lane_and_leaves_its_place_to_the_next()
    {
        using var off = new CancellationTokenSource();
        var lane = _bench.Join("a");
        lane.Answer = () => One;
        var items = Enumerable.Range(1, 3).Select(item => _bench.Run(item, item == 3 ? CancellationToken.None : off.Token)).ToList();

        await off.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => items[0]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => items[1]);
        await Eventually.TrueAsync(() => lane.Submitted.Count == 2);
        Assert.Equal([1, 3], lane.Submitted);
        Assert.Equal([1], lane.CalledOff);
    }

    [Fact]
    public async Task When_its_silo_drains_an_item_that_waits_comes_back_and_one_on_a_lane_goes_on()
    {
        using var draining = new CancellationTokenSource();
        var lane = _bench.Join("a");
        lane.Answer = () => One;
        var runs = _bench.Run(1, draining.Token, CancellationToken.None);
        var waits = _bench.Run(2, draining.Token, CancellationToken.None);

        await draining.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        await _bench.TellAsync(1, seconds: 2.5);
        Assert.Equal(2.5, (await runs).Seconds);
        Assert.Empty(lane.CalledOff);
    }

    [Fact]
    public async Task An_item_without_a_result_within_the_limit_fails_for_a_next_attempt_and_its_lane_is_left_alone()
    {
        var bench = new RouterBench(Impatient);
        var hangs = bench.Join("a");
        var item = bench.Run(1);
        bench.Time.Advance(Impatient.LaneLimit + TimeSpan.FromSeconds(1));

        var failed = Assert.IsType<StageResult.Failed>((await item).Result);
        Assert.Equal(("The lane of a gave no result within 00:01:00.", true), (failed.Reason, failed.Retryable));
        Assert.Equal([1], hangs.CalledOff);

        var other = bench.Join("b");
        _ = bench.Run(2);
        Assert.Equal([2], other.Submitted);
    }

    [Fact]
    public async Task Where_no_lane_will_do_items_wait_and_it_is_said_why()
    {
        Assert.Null(_bench.Router.Standstill);
        var item = _bench.Run(1);
        Assert.Equal("aesthetics waits for a GPU silo: none is in the cluster. Start one with --role gpu; work goes on by itself.", _bench.Router.Standstill);

        _bench.Join("small", memory: 8 << 20);
        Assert.Equal("aesthetics needs 16 MiB of GPU memory, and the largest GPU silo (small) has 8. Add a larger one; work goes on by itself.", _bench.Router.Standstill);

        var large = _bench.Join("large", memory: 16 << 20);
        Assert.Null(_bench.Router.Standstill);
        await Eventually.TrueAsync(() => large.Submitted.Count == 1);
        await _bench.TellAsync(1);
        await item;
    }
}
