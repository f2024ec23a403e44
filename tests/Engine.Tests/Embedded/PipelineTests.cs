using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Embedded;

/// <summary>What comes out of the engine when nothing goes wrong.</summary>
public sealed class PipelineTests
{
    public static TheoryData<StageOrderKind> Orders => [.. Enum.GetValues<StageOrderKind>()];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Every_clip_of_every_video_goes_through_every_stage_once(StageOrderKind order)
    {
        await using var bench = new EngineBench();
        var job = await bench.SubmitAsync(videos: 20, new CurationOptions { Order = order });

        await bench.RunUntilIdleAsync();

        Assert.Equal(60, bench.AcceptedIds().Count);
        Assert.Equal(20, bench.Items(Outcome.Done, ItemKind.Video).Count);
        Assert.Equal((20 * 4) + (60 * 7), bench.Pipeline.Runs.Count);
        Assert.Equal(bench.Pipeline.Runs.Count, bench.Pipeline.Runs.Distinct().Count());
        Assert.Equal(JobState.Completed, (await bench.JobAsync(job.Id)).State);
        Assert.Equal([job.Id], bench.Finished);
        foreach (var clip in bench.Items(Outcome.Accepted))
        {
            Assert.Equal(StageOrder.Clip(order).Stages, bench.Ledger.Trail(clip.Seq).Select(line => line.Decision.Stage));
            Assert.All(StageOrder.Clip(order).Stages, stage => Assert.Equal(1, bench.Ledger.Measurements(clip.Seq)[stage]!.Scores["score"]));
        }

        LedgerAudit.CheckIdle(bench.LedgerPath);
    }

    [Fact]
    public async Task Rejections_name_stage_reason_and_score_and_both_orders_accept_the_same_clips()
    {
        var accepted = new List<List<string>>();
        foreach (var order in Enum.GetValues<StageOrderKind>())
        {
            await using var bench = new EngineBench();
            bench.Pipeline.Score = (stage, id) => FakePipeline.Unit(stage, id);
            bench.Pipeline.Threshold = (stage, _) => 0.1;
            var options = new CurationOptions { Order = order };
            await bench.SubmitAsync(videos: 60, options);

            await bench.RunUntilIdleAsync();

            foreach (var item in bench.Ledger.Items(new ItemQuery()))
            {
                var stages = item.Kind == ItemKind.Video ? StageOrder.Video : StageOrder.Clip(order);
                if (bench.Pipeline.RejectedBy(stages.Stages, item.Id, options) is { } stage)
                {
                    Assert.Equal(new LifeState(Outcome.Rejected, stage, 0, stage.Name() + "-below-minimum", FakePipeline.Unit(stage, item.Id)), item.State);
                    Assert.DoesNotContain(bench.Pipeline.Runs, run => run.Id == item.Id && stages.Stages.SkipWhile(s => s != stage).Skip(1).Contains(run.Stage));
                }
                else
                {
                    Assert.Equal(item.Kind == ItemKind.Video ? Outcome.Done : Outcome.Accepted, item.State.Outcome);
                }
            }

            LedgerAudit.CheckIdle(bench.LedgerPath);
            accepted.Add(bench.AcceptedIds());
        }

        Assert.NotEmpty(accepted[0]);
        Assert.Equal(accepted[0], accepted[1]);
    }

    [Fact]
    public async Task A_source_without_videos_completes_its_job()
    {
        await using var bench = new EngineBench();
        var job = await bench.SubmitAsync(videos: 0);

        await bench.RunUntilIdleAsync();

        Assert.Equal(JobState.Completed, (await bench.JobAsync(job.Id)).State);
        Assert.Equal([job.Id], bench.Finished);
    }

    [Fact]
    public async Task A_video_without_clips_is_done()
    {
        await using var bench = new EngineBench();
        bench.Pipeline.Plan = (_, _) => [];
        await bench.SubmitAsync(videos: 3);

        await bench.RunUntilIdleAsync();

        Assert.Equal(3, bench.Items(Outcome.Done, ItemKind.Video).Count);
        LedgerAudit.CheckIdle(bench.LedgerPath);
    }

    [Fact]
    public async Task Jobs_run_side_by_side_each_under_its_own_options()
    {
        await using var bench = new EngineBench();
        bench.Pipeline.Score = (stage, id) => 10 * FakePipeline.Unit(stage, id);
        bench.Pipeline.Threshold = (stage, options) => stage == StageId.Aesthetics ? options.Aesthetics.MinScore : 0;
        var lenient = await bench.SubmitAsync(videos: 30, new CurationOptions { Aesthetics = new AestheticsOptions { MinScore = 1 } });
        var strict = await bench.SubmitAsync(videos: 30, new CurationOptions { Aesthetics = new AestheticsOptions { MinScore = 8 }, Order = StageOrderKind.FilterFirst }, from: 100);

        await bench.RunUntilIdleAsync();

        foreach (var (job, minimum) in new[] { (lenient, 1.0), (strict, 8.0) })
        {
            var clips = bench.Ledger.Items(new ItemQuery(ItemKind.Clip, job.Id)).ToList();
            Assert.Equal(90, clips.Count);
            Assert.All(clips, clip => Assert.Equal(bench.Pipeline.Score(StageId.Aesthetics, clip.Id) >= minimum, clip.State.Outcome == Outcome.Accepted));
        }

        Assert.Equal([lenient.Id, strict.Id], bench.Finished.Order());
        LedgerAudit.CheckIdle(bench.LedgerPath);
    }

    [Fact]
    public async Task The_second_of_two_jobs_does_not_wait_for_the_first()
    {
        await using var bench = new EngineBench();
        bench.Options = bench.Options with { CpuSlots = 1, HighWater = 100_000 };
        bench.Pipeline.BatchSize = _ => 4;
        bench.Pipeline.Plan = (_, _) => [];
        await bench.SubmitAsync(videos: 200);
        var second = await bench.SubmitAsync(videos: 10, from: 1000);
        await bench.Ledger.AddVideosAsync(1, [.. Enumerable.Range(0, 200).Select(i => LedgerBench.Video(i))], []);
        await bench.Ledger.AddVideosAsync(second.Id, [.. Enumerable.Range(1000, 10).Select(i => LedgerBench.Video(i))], []);

        await bench.RunUntilIdleAsync();

        var ofSecond = Enumerable.Range(1000, 10).Select(i => LedgerBench.Video(i).Id.Value).ToHashSet();
        var screened = bench.Pipeline.Runs.Where(run => run.Stage == StageId.Screen).Select(run => run.Id).ToList();
        Assert.True(screened.FindLastIndex(ofSecond.Contains) < 100, "The second job's videos were screened after half of the first job's.");
        Assert.Equal(second.Id, bench.Finished.First());
    }

    [Fact]
    public async Task The_same_source_submitted_again_brings_nothing_new()
    {
        await using var bench = new EngineBench();
        await bench.SubmitAsync(videos: 5);
        await bench.RunUntilIdleAsync();
        var runs = bench.Pipeline.Runs.Count;

        var again = await bench.SubmitAsync(videos: 6);
        await bench.RunUntilIdleAsync();

        var row = await bench.JobAsync(again.Id);
        Assert.Equal((JobState.Completed, 1L, 5L), (row.State, row.Found, row.Known));
        Assert.Equal(runs + 4 + (3 * 7), bench.Pipeline.Runs.Count);
        LedgerAudit.CheckIdle(bench.LedgerPath);
    }

    [Fact]
    public async Task A_job_that_is_listed_again_takes_up_its_new_videos_and_ends_again()
    {
        await using var bench = new EngineBench();
        var job = await bench.SubmitAsync(videos: 5);
        await bench.RunUntilIdleAsync();
        bench.Replace(job, FakeSource.Of(videos: 7));
        await bench.Ledger.SetListedAsync(job.Id, false);
        await bench.Ledger.ChangeJobAsync(job.Id, JobEvent.WorkReopened);

        await bench.RunUntilIdleAsync();

        Assert.Equal((JobState.Completed, 7L, 0L), ((await bench.JobAsync(job.Id)).State, (await bench.JobAsync(job.Id)).Found, (await bench.JobAsync(job.Id)).Known));
        Assert.Equal(21, bench.AcceptedIds().Count);
        Assert.Equal([job.Id, job.Id], bench.Finished);
    }

    [Fact]
    public async Task A_job_completes_when_its_last_clip_is_settled_and_not_before()
    {
        await using var bench = new EngineBench();
        bench.Pipeline.BatchSize = _ => 1;
        var gate = new TaskCompletionSource();
        var last = LedgerBench.Video(4).Id.Value;
        var waiting = new TaskCompletionSource();
        bench.Pipeline.Behaviours[StageId.Joint] = async call =>
        {
            if (call.Ids[0] == ClipId.From(new VideoId(last), LedgerBench.Clip(2).Interval).Value)
            {
                waiting.SetResult();
                await gate.Task;
            }

            return call.Normal();
        };
        var job = await bench.SubmitAsync(videos: 5);
        await using var running = bench.Start(untilIdle: true);
        await waiting.Task.Soon();
        Assert.Empty(bench.Finished);
        Assert.Equal(JobState.Running, (await bench.JobAsync(job.Id)).State);

        gate.SetResult();
        await running.Work.Soon();

        Assert.Equal([job.Id], bench.Finished);
        Assert.Equal(JobState.Completed, (await bench.JobAsync(job.Id)).State);
    }

    [Fact]
    public async Task A_running_engine_takes_up_what_another_process_submits()
    {
        await using var bench = new EngineBench();
        var ended = new TaskCompletionSource();
        bench.Finish = _ =>
        {
            ended.TrySetResult();
            return Task.CompletedTask;
        };
        await using var running = bench.Start();
        await using (var other = bench.OpenLedger())
        {
            // The engine may see the job before it has a video; it must not take it for an empty one.
            var added = new TaskCompletionSource();
            var job = await bench.SubmitAsync(new FakeSource([], begin: added.Task));
            await other.AddVideosAsync(job.Id, [LedgerBench.Video(77)], []);
            // Told before the listing ends: the engine counts anew before it looks whether anything is left.
            running.Engine.Wake();
            added.SetResult();
        }

        await ended.Task.Soon();
        await running.StopAsync();

        Assert.Equal(3, bench.AcceptedIds().Count);
    }
}
