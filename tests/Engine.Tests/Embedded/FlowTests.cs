using System.Collections.Concurrent;
using Dapper;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Embedded;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Embedded;

/// <summary>How work flows: pressure, standstill, stops and leases.</summary>
public sealed class FlowTests
{
    [Fact]
    public async Task A_slow_captioner_slows_the_crawl_instead_of_filling_the_ledger()
    {
        const int highWater = 20;
        await using var bench = new EngineBench();
        bench.Options = bench.Options with { HighWater = highWater, ApiSlots = 1 };
        bench.Pipeline.BatchSize = stage => stage == StageId.Caption ? 1 : 4;
        var job = 0L;
        var waiting = new ConcurrentQueue<long>();
        bench.Pipeline.Behaviours[StageId.Caption] = call =>
        {
            waiting.Enqueue(bench.Ledger.Pending(job, StageId.Caption));
            return Task.FromResult(call.Normal());
        };
        job = (await bench.SubmitAsync(videos: 60)).Id;

        await bench.RunUntilIdleAsync();

        // Two workers of each stage may have looked just before the water was high: 2 batches of 4 clips, or of 4 videos with 3 clips each.
        Assert.InRange(waiting.Max(), highWater, highWater + (2 * 4) + (2 * 4 * 3));
        Assert.Equal(180, bench.AcceptedIds().Count);
    }

    [Fact]
    public async Task What_every_stage_has_just_finished_is_known_by_the_second()
    {
        await using var bench = new EngineBench();
        bench.Pipeline.Score = (stage, _) => stage == StageId.Screen ? 0 : 1;
        bench.Pipeline.Threshold = (_, _) => 0.5;
        await bench.SubmitAsync(videos: 7);
        await using var engine = bench.NewEngine();
        Assert.Empty(await engine.RecentAsync(RecentWork.Kept, CancellationToken.None));

        await engine.RunAsync(untilIdle: true, CancellationToken.None).Soon();

        var recent = await engine.RecentAsync(RecentWork.Kept, CancellationToken.None);
        Assert.All(recent, second => Assert.Equal((StageId.Screen, 0, 0), (second.Stage, second.Passed, second.Failed)));
        Assert.Equal(7, recent.Sum(second => second.Rejected));
    }

    [Fact]
    public async Task A_listing_does_not_run_far_ahead_of_the_screening()
    {
        await using var bench = new EngineBench();
        bench.Options = bench.Options with { HighWater = 10 };
        bench.Pipeline.Score = (stage, _) => stage == StageId.Screen ? 0 : 1;
        bench.Pipeline.Threshold = (_, _) => 0.5;
        bench.Pipeline.BatchSize = _ => 32;
        var job = 0L;
        var ahead = new ConcurrentQueue<long>();
        bench.Pipeline.Behaviours[StageId.Screen] = call =>
        {
            ahead.Enqueue(bench.Ledger.Pending(job, StageId.Screen));
            return Task.FromResult(call.Normal());
        };
        job = (await bench.SubmitAsync(videos: 2000)).Id;

        await bench.RunUntilIdleAsync();

        Assert.InRange(ahead.Max(), 64, (10 * 16) + 64);
        Assert.Equal(2000, bench.Items(Outcome.Rejected, ItemKind.Video).Count);
    }

    /// <summary>In the two orders together every clip stage is before every other one: pressure over all jobs would be a ring.</summary>
    [Fact]
    public async Task Jobs_of_both_orders_never_hold_each_other_up_in_a_ring()
    {
        await using var bench = new EngineBench();
        bench.Options = bench.Options with { HighWater = 1, CpuSlots = 1, ApiSlots = 1 };
        bench.Pipeline.BatchSize = _ => 1;
        await bench.SubmitAsync(videos: 8, new CurationOptions { Order = StageOrderKind.Paper });
        await bench.SubmitAsync(videos: 8, new CurationOptions { Order = StageOrderKind.FilterFirst }, from: 100);

        await bench.RunUntilIdleAsync();

        Assert.Equal(48, bench.AcceptedIds().Count);
        LedgerAudit.CheckIdle(bench.LedgerPath);
    }

    [Theory]
    [InlineData(StageOrderKind.Paper)]
    [InlineData(StageOrderKind.FilterFirst)]
    public void Pressure_runs_forward_only(StageOrderKind order)
    {
        var stages = StageOrder.Video.Stages.Concat(StageOrder.Clip(order).Stages).ToList();
        for (var i = 0; i < stages.Count; i++)
        {
            Assert.All(StageCatalog.Downstream(stages[i], order), next => Assert.Contains(next, stages.Skip(i + 1)));
        }

        Assert.Empty(StageCatalog.Downstream(stages[^1], order));
    }

    [Fact]
    public async Task Nothing_is_begun_while_the_engine_is_blocked()
    {
        var time = new FakeTime();
        await using var bench = new EngineBench(time);
        bench.Blocked = "only 3 MB are free";
        await bench.SubmitAsync(videos: 2);
        await using var running = bench.Start(untilIdle: true);
        for (var i = 0; i < 3; i++)
        {
            await time.WhenWaitingAsync(wait => wait > TimeSpan.Zero);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("only 3 MB are free", running.Engine.Blocked);
        Assert.Empty(bench.Pipeline.Runs);

        bench.Blocked = null;
        await time.AdvanceUntilAsync(running.Work);
        Assert.Equal(6, bench.AcceptedIds().Count);
    }

    [Fact]
    public async Task A_failure_while_the_engine_is_blocked_costs_no_attempt()
    {
        var time = new FakeTime();
        await using var bench = new EngineBench(time);
        bench.Options = bench.Options with { CpuSlots = 1 };
        bench.Pipeline.BatchSize = _ => 2;
        var failed = 0;
        bench.Pipeline.Behaviours[StageId.Fetch] = call =>
        {
            if (failed >= 5)
            {
                bench.Blocked = null;
                return Task.FromResult(call.Normal());
            }

            failed++;
            bench.Blocked = "the disk is full";

            // What was measured before the disk was full counts.
            return Task.FromResult<IReadOnlyList<StageResult>>([new StageResult.Failed("no space left on device", Retryable: false), .. call.Normal().Skip(1)]);
        };
        await bench.SubmitAsync(videos: 2);
        await using var running = bench.Start(untilIdle: true);
        var unblocking = Task.Run(async () =>
        {
            while (!running.Work.IsCompleted)
            {
                await Task.WhenAny(running.Work, time.WhenWaitingAsync(_ => true));
                bench.Blocked = null;
                time.Advance(TimeSpan.FromSeconds(1));
            }
        });
        await running.Work.Soon();
        await unblocking.Soon();

        Assert.Equal(5, failed);
        Assert.Equal(6, bench.AcceptedIds().Count);
        Assert.All(bench.Items(Outcome.Done, ItemKind.Video), video => Assert.DoesNotContain(bench.Ledger.Trail(video.Seq), line => line.Decision.Verdict == DecisionVerdict.Failed));
        bench.AssertOneVerdictForEachStage();
    }

    [Theory]
    [InlineData("cancels")]
    [InlineData("throws")]
    [InlineData("fails")]
    public async Task A_stop_gives_back_what_is_leased_and_costs_no_attempt(string manner)
    {
        await using var bench = new EngineBench();
        var inside = new TaskCompletionSource();
        bench.Pipeline.Behaviours[StageId.Probe] = async call =>
        {
            inside.TrySetResult();
            var stopped = new TaskCompletionSource();
            await using var registration = call.Stop.Register(stopped.SetResult);
            await stopped.Task;
            return manner switch
            {
                "cancels" => throw new OperationCanceledException(call.Stop),
                "throws" => throw new IOException("broken pipe"),
                _ => [.. call.Ids.Select(_ => new StageResult.Failed("killed", Retryable: true))],
            };
        };
        var job = await bench.SubmitAsync(videos: 4);
        await using var running = bench.Start();
        await inside.Task.Soon();

        await running.StopAsync();

        LedgerAudit.Check(bench.LedgerPath);
        Assert.Equal(JobState.Running, (await bench.JobAsync(job.Id)).State);
        var videos = bench.Items(Outcome.Active, ItemKind.Video);
        Assert.Equal(4, videos.Count);
        Assert.All(videos, video => Assert.Equal(0, video.State.Attempts));
        var free = new List<LeasedItem>();
        foreach (var stage in StageOrder.Video.Stages)
        {
            free.AddRange((await bench.Ledger.LeaseAsync(stage, [job.Id], 100, "next", bench.Options.Lease)).Items);
        }

        Assert.Equal(4, free.Count);
        await bench.Ledger.ReleaseAsync([.. free.Select(item => item.Item.Seq)], "next", TimeSpan.Zero);

        bench.Pipeline.Behaviours.Clear();
        await bench.RunUntilIdleAsync();
        Assert.Equal(12, bench.AcceptedIds().Count);
    }

    [Fact]
    public async Task A_stage_that_runs_for_long_keeps_its_lease()
    {
        var time = new FakeTime();
        await using var bench = new EngineBench(time);
        var inside = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        bench.Pipeline.Behaviours[StageId.Segment] = async call =>
        {
            inside.TrySetResult();
            await gate.Task;
            return call.Normal();
        };
        var job = await bench.SubmitAsync(videos: 1);
        await using var running = bench.Start(untilIdle: true);
        await inside.Task.Soon();
        for (var i = 0; i < 12; i++)
        {
            await time.WhenWaitingAsync(wait => wait == bench.Options.Lease / 3);
            time.Advance(bench.Options.Lease / 3);
            Assert.Empty((await bench.Ledger.LeaseAsync(StageId.Segment, [job.Id], 1, "thief", bench.Options.Lease)).Items);
        }

        gate.SetResult();
        await running.Work.Soon();

        Assert.Equal(3, bench.AcceptedIds().Count);
        Assert.Single(bench.Pipeline.Runs, run => run.Stage == StageId.Segment);
    }

    [Fact]
    public async Task An_engine_can_be_stopped_while_the_disk_is_full()
    {
        var time = new FakeTime();
        await using var bench = new EngineBench(time);
        bench.Pipeline.Behaviours[StageId.Probe] = call =>
        {
            bench.Ledger.Writer.Execute("PRAGMA max_page_count = 1");
            var big = new string('x', 1 << 20);
            return Task.FromResult<IReadOnlyList<StageResult>>(
                [.. call.Normal().Cast<StageResult.Measured>().Select(result => result with { Measurement = result.Measurement with { Data = $"\"{big}\"" } })]);
        };
        await bench.SubmitAsync(videos: 1);
        await using var running = bench.Start();
        while (bench.Ledger.Stalled is null)
        {
            await time.WhenWaitingAsync(_ => true);
            await Task.Yield();
        }

        Assert.NotNull(running.Engine.Blocked);
        await running.Stop.CancelAsync();
        await time.AdvanceUntilAsync(running.Work);
    }

    [Fact]
    public void Options_name_all_that_is_wrong_with_them()
    {
        var errors = new EngineOptions { CpuSlots = 0, GpuSlots = 0, NetworkSlots = -1, ApiSlots = 0, HighWater = 0, Lease = TimeSpan.Zero, Retry = new RetryPolicy(0, TimeSpan.Zero, TimeSpan.Zero) }.Validate();

        Assert.Equal(7, errors.Count);
        Assert.Contains("NetworkSlots is -1; it must be at least 1.", errors);
        Assert.Empty(new EngineOptions().Validate());
    }

    [Fact]
    public void A_lane_has_longer_than_it_takes_to_ask_it_and_is_asked_after_some_time()
    {
        var ask = TimeSpan.FromSeconds(15);

        Assert.Empty(new EngineOptions { LaneLimit = ask, LaneAskEvery = ask }.Validate());
        Assert.Equal(
            ["LaneLimit is 00:00:14; it must be at least LaneAskEvery (00:00:15)."], new EngineOptions { LaneLimit = ask - TimeSpan.FromSeconds(1), LaneAskEvery = ask }.Validate());
        Assert.Equal(["LaneAskEvery is 00:00:00; it must be longer than nothing."], new EngineOptions { LaneAskEvery = TimeSpan.Zero }.Validate());
    }

    [Fact]
    public void A_catalog_without_a_stage_says_which()
    {
        var complete = new FakePipeline().Catalog();

        var refusal = Assert.Throws<ArgumentException>(() => new StageCatalog(complete.Video.Values, complete.Clip.Values.Where(stage => stage.Id != StageId.TechnicalQuality)));

        Assert.Contains("technical-quality", refusal.Message);
    }
}
