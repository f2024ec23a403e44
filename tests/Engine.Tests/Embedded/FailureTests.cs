using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Redeciding;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Embedded;

/// <summary>Stages that fail, throw or answer nonsense.</summary>
public sealed class FailureTests
{
    private static readonly string Victim = LedgerBench.Video(1).Id.Value;

    [Fact]
    public async Task A_failure_is_tried_again_after_its_delay_then_is_a_dead_letter_then_may_be_retried()
    {
        var time = new FakeTime();
        await using var bench = new EngineBench(time);
        bench.Options = bench.Options with { CpuSlots = 1 };
        var attempts = new List<DateTimeOffset>();
        var broken = true;
        bench.Pipeline.Behaviours[StageId.Fetch] = call =>
        {
            attempts.Add(time.GetUtcNow());
            return Task.FromResult(broken ? [.. call.Ids.Select(_ => new StageResult.Failed("the host hung up", Retryable: true))] : call.Normal());
        };
        var job = await bench.SubmitAsync(videos: 2);
        bench.Pipeline.BatchSize = stage => stage == StageId.Fetch ? 1 : 8;
        bench.Replace(job, FakeSource.Of(videos: 1, from: 1));
        await using var running = bench.Start(untilIdle: true);

        foreach (var attempt in new[] { 1, 2 })
        {
            var delay = RetryPolicy.Default.DelayAfter(attempt, Victim);
            await time.WhenWaitingAsync(wait => wait > delay - TimeSpan.FromMilliseconds(2) && wait <= delay);
            Assert.Equal(attempt, attempts.Count);
            time.Advance(delay - TimeSpan.FromMilliseconds(5));
            Assert.Equal(attempt, attempts.Count);
            time.Advance(TimeSpan.FromMilliseconds(5));
        }

        await running.Work.Soon();
        var dead = Assert.Single(bench.Items(Outcome.Failed, ItemKind.Video));
        Assert.Equal(new LifeState(Outcome.Failed, StageId.Fetch, 3, "the host hung up"), dead.State);
        Assert.Equal(3, bench.Ledger.Trail(dead.Seq).Count(line => line.Decision is { Verdict: DecisionVerdict.Failed, Reason: "the host hung up" }));
        Assert.Equal(JobState.Completed, (await bench.JobAsync(job.Id)).State);

        broken = false;
        Assert.Equal(1, await new Retrier(bench.Ledger).RunAsync([dead]));
        Assert.Equal(JobState.Running, (await bench.JobAsync(job.Id)).State);
        await bench.RunUntilIdleAsync();

        Assert.Equal(3, bench.AcceptedIds().Count);
        Assert.Contains(bench.Ledger.Trail(dead.Seq), line => line.Decision.Verdict == DecisionVerdict.Retried);
        LedgerAudit.CheckIdle(bench.LedgerPath);
    }

    [Fact]
    public async Task A_clip_that_is_retried_reopens_its_video_until_it_is_settled_again()
    {
        await using var bench = new EngineBench();
        bench.Pipeline.Behaviours[StageId.Borders] = call => Task.FromResult<IReadOnlyList<StageResult>>([.. call.Ids.Select(_ => new StageResult.Failed("no frames", Retryable: false))]);
        await bench.SubmitAsync(videos: 2);
        await bench.RunUntilIdleAsync();
        var failed = bench.Items(Outcome.Failed);
        Assert.Equal((6, 2), (failed.Count, bench.Items(Outcome.Done, ItemKind.Video).Count));
        Assert.All(failed, clip => Assert.Equal(1, clip.State.Attempts));

        await new Retrier(bench.Ledger).RunAsync([failed[0]]);
        Assert.Equal(failed[0].Parent, Assert.Single(bench.Items(Outcome.AwaitingClips, ItemKind.Video)).Seq);
        LedgerAudit.Check(bench.LedgerPath);
        bench.Pipeline.Behaviours.Clear();
        await bench.RunUntilIdleAsync();

        Assert.Equal([failed[0].Id], bench.AcceptedIds());
        Assert.Equal(2, bench.Items(Outcome.Done, ItemKind.Video).Count);
        LedgerAudit.CheckIdle(bench.LedgerPath);
    }

    [Fact]
    public async Task Only_what_has_failed_is_retried()
    {
        await using var bench = new EngineBench();
        var job = await bench.SubmitAsync(videos: 1);
        await bench.RunUntilIdleAsync();

        Assert.Equal(0, await new Retrier(bench.Ledger).RunAsync([.. bench.Ledger.Items(new ItemQuery())]));
        Assert.Equal(JobState.Completed, (await bench.JobAsync(job.Id)).State);
    }

    [Fact]
    public async Task A_stage_that_throws_fails_its_batch_retryably_and_the_engine_lives()
    {
        await using var bench = new EngineBench();
        var thrown = 0;
        bench.Pipeline.Behaviours[StageId.Probe] = call =>
            Interlocked.Increment(ref thrown) == 1 ? throw new DivideByZeroException("surprise") : Task.FromResult(call.Normal());
        await bench.SubmitAsync(videos: 4);

        await bench.RunUntilIdleAsync();

        Assert.Equal(12, bench.AcceptedIds().Count);
        var failures = bench.Items(Outcome.Done, ItemKind.Video).SelectMany(video => bench.Ledger.Trail(video.Seq)).Where(line => line.Decision.Verdict == DecisionVerdict.Failed).ToList();
        Assert.NotEmpty(failures);
        Assert.All(failures, line => Assert.Equal("DivideByZeroException: surprise", line.Decision.Reason));
    }

    [Fact]
    public async Task A_stage_that_always_throws_makes_dead_letters_and_the_rest_goes_on()
    {
        await using var bench = new EngineBench();
        bench.Pipeline.BatchSize = _ => 1;
        bench.Pipeline.Behaviours[StageId.Subtitles] = async call =>
        {
            await Task.Yield();
            return call.Ids[0].StartsWith(Victim, StringComparison.Ordinal) ? throw new InvalidOperationException("bad clip") : call.Normal();
        };
        await bench.SubmitAsync(videos: 3);

        await bench.RunUntilIdleAsync();

        Assert.Equal(6, bench.AcceptedIds().Count);
        Assert.All(bench.Items(Outcome.Failed), clip => Assert.Equal(new LifeState(Outcome.Failed, StageId.Subtitles, 3, "InvalidOperationException: bad clip"), clip.State));
        Assert.Equal(3, bench.Items(Outcome.Failed).Count);
        LedgerAudit.CheckIdle(bench.LedgerPath);
    }

    [Fact]
    public async Task A_model_that_becomes_unusable_while_the_engine_runs_fails_what_needs_it_and_the_rest_goes_on()
    {
        await using var bench = new EngineBench();
        var broken = false;
        bench.Pipeline.BatchSize = _ => 1;
        bench.Pipeline.ModelVersion = stage => stage == StageId.Aesthetics && broken ? throw new ModelException("aesthetic: the file is gone.") : "fake@1";
        bench.Pipeline.Behaviours[StageId.Aesthetics] = call =>
        {
            broken |= call.Ids[0].StartsWith(Victim, StringComparison.Ordinal);
            return Task.FromResult(broken ? [new StageResult.Failed("aesthetic: the file is gone.", Retryable: true)] : call.Normal());
        };
        var job = await bench.SubmitAsync(videos: 4);

        await bench.RunUntilIdleAsync();

        var failed = bench.Items(Outcome.Failed);
        Assert.NotEmpty(failed);
        Assert.Equal(12, failed.Count + bench.AcceptedIds().Count);
        Assert.All(failed, clip => Assert.Equal(new LifeState(Outcome.Failed, StageId.Aesthetics, 3, "aesthetic: the file is gone."), clip.State));
        Assert.All(bench.Ledger.Trail(failed[0].Seq).Where(line => line.Decision.Verdict == DecisionVerdict.Failed), line => Assert.Equal("", line.Decision.ModelVersion));
        Assert.Equal(JobState.Completed, (await bench.JobAsync(job.Id)).State);
        LedgerAudit.CheckIdle(bench.LedgerPath);
    }

    [Fact]
    public async Task A_wrong_number_of_results_is_a_failure_of_the_batch()
    {
        await using var bench = new EngineBench();
        bench.Pipeline.Behaviours[StageId.Screen] = call => Task.FromResult<IReadOnlyList<StageResult>>([.. call.Normal(), .. call.Normal()]);
        await bench.SubmitAsync(videos: 1);

        await bench.RunUntilIdleAsync();

        var failed = Assert.Single(bench.Items(Outcome.Failed, ItemKind.Video));
        Assert.Contains("The stage answered 2 results for 1 items.", failed.State.Reason);
        Assert.Equal(3, failed.State.Attempts);
    }

    [Fact]
    public async Task A_measurement_that_its_stage_cannot_decide_on_fails_that_item_alone()
    {
        await using var bench = new EngineBench();
        bench.Pipeline.Score = (stage, id) => stage == StageId.Probe && id == Victim ? -1 : 1;
        bench.Pipeline.Deciding = (stage, measurements) =>
        {
            if (measurements[stage]!.Scores["score"] < 0)
            {
                throw new FormatException("not a score");
            }
        };
        await bench.SubmitAsync(videos: 5);

        await bench.RunUntilIdleAsync();

        var failed = Assert.Single(bench.Items(Outcome.Failed, ItemKind.Video));
        Assert.Equal((Victim, "FormatException: not a score", 3), (failed.Id, failed.State.Reason, failed.State.Attempts));
        Assert.Equal(12, bench.AcceptedIds().Count);
    }

    [Fact]
    public async Task A_clip_whose_media_is_lost_fails_alone()
    {
        await using var bench = new EngineBench();
        var lost = ClipId.From(new VideoId(Victim), LedgerBench.Clip(0).Interval).Value;
        bench.Pipeline.Behaviours[StageId.Cut] = call => Task.FromResult<IReadOnlyList<StageResult>>(
            [.. call.Normal().Zip(call.Ids, (result, id) => id == lost ? (StageResult.Measured)result with { Media = new MediaRef(new string('0', 64), 1) } : result)]);
        await bench.SubmitAsync(videos: 3);

        await bench.RunUntilIdleAsync();

        var failed = Assert.Single(bench.Items(Outcome.Failed));
        Assert.Equal((lost, StageId.Caption), (failed.Id, failed.State.Stage));
        Assert.Contains("has lost", failed.State.Reason);
        Assert.Equal(8, bench.AcceptedIds().Count);
    }

    [Fact]
    public async Task When_the_ledger_refuses_a_result_the_items_come_back_with_their_lease()
    {
        var time = new FakeTime();
        await using var bench = new EngineBench(time);
        var ledger = FlakyLedger.Over(bench.Ledger);
        var refused = ledger.Refuse(nameof(ILedger.CompleteAsync), times: 1);
        await bench.SubmitAsync(videos: 1);
        await using var running = bench.Start(ledger: ledger.Ledger, untilIdle: true);

        // Whoever was refused pauses for a second; then somebody finds nothing due and waits for the lease to end. After that no time passes. Other waits, as the
        // ledger's own, do not count: time that went on before the pause began would leave it waiting.
        var pause = TimeSpan.FromSeconds(1);
        var late = bench.Options.Lease - (2 * pause);
        await refused.Soon();
        await time.WhenWaitingAsync(wait => wait == pause || wait > late);
        time.Advance(pause);
        await time.WhenWaitingAsync(wait => wait > late);
        Assert.Empty(bench.AcceptedIds());
        time.Advance(bench.Options.Lease);
        await running.Work.Soon();

        Assert.Equal(3, bench.AcceptedIds().Count);
        Assert.Equal(2, bench.Pipeline.Runs.Count(run => run.Stage == StageId.Screen));
        LedgerAudit.CheckIdle(bench.LedgerPath);
    }

    [Fact]
    public async Task A_surprise_of_the_engines_own_ends_it_rather_than_leave_a_stage_unserved()
    {
        await using var bench = new EngineBench();
        var ledger = FlakyLedger.Over(bench.Ledger);
        _ = ledger.Refuse(nameof(ILedger.Pending), times: int.MaxValue);
        await bench.SubmitAsync(videos: 1);
        await using var engine = bench.NewEngine(ledger: ledger.Ledger);

        await Assert.ThrowsAsync<IOException>(() => engine.RunAsync(untilIdle: true, CancellationToken.None).Soon());
    }
}
