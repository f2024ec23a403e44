using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Embedded;

/// <summary>Listings and the ends of jobs that meet trouble.</summary>
public sealed class SourceTests
{
    [Fact]
    public async Task A_source_that_cannot_be_opened_fails_its_job_with_the_reason()
    {
        await using var bench = new EngineBench();
        var broken = await bench.SubmitAsync(new FakeSource([], new SourceException("There is no folder /videos; mount it or name another.")));
        var sound = await bench.SubmitAsync(videos: 2);

        await bench.RunUntilIdleAsync();

        var row = await bench.JobAsync(broken.Id);
        Assert.Equal((JobState.Failed, "There is no folder /videos; mount it or name another."), (row.State, row.Error));
        Assert.Equal(JobState.Completed, (await bench.JobAsync(sound.Id)).State);
        Assert.Equal([sound.Id], bench.Finished);
    }

    [Fact]
    public async Task A_failed_job_that_is_resumed_lists_again_and_loses_nothing()
    {
        await using var bench = new EngineBench();
        var half = Enumerable.Range(0, 100).Select(i => new SourceItem.Found(LedgerBench.Video(i)));
        var job = await bench.SubmitAsync(new FakeSource(half, new IOException("the share went away")));
        await bench.RunUntilIdleAsync();
        var failed = await bench.JobAsync(job.Id);
        Assert.Equal(JobState.Failed, failed.State);
        Assert.Contains("IOException: the share went away", failed.Error);

        bench.Pipeline.Plan = (_, _) => [];
        bench.Replace(job, FakeSource.Of(videos: 150));
        await bench.Ledger.ChangeJobAsync(job.Id, JobEvent.ResumeRequested);
        await bench.RunUntilIdleAsync();

        var row = await bench.JobAsync(job.Id);
        Assert.Equal((JobState.Completed, 150L, (string?)null), (row.State, row.Found, row.Error));
        bench.AssertOneVerdictForEachStage();
        LedgerAudit.CheckIdle(bench.LedgerPath);
    }

    [Fact]
    public async Task Rows_that_cannot_be_used_are_counted_and_the_rest_goes_on()
    {
        await using var bench = new EngineBench();
        var job = await bench.SubmitAsync(new FakeSource(
            [new SourceItem.Skipped("list.csv:1", "no location"), new SourceItem.Found(LedgerBench.Video(1)), new SourceItem.Skipped("list.csv:3", "not a URL")]));

        await bench.RunUntilIdleAsync();

        Assert.Equal((1, 2), ((await bench.JobAsync(job.Id)).Found, (await bench.JobAsync(job.Id)).Skipped));
        Assert.Equal([new SourceItem.Skipped("list.csv:1", "no location"), new SourceItem.Skipped("list.csv:3", "not a URL")], bench.Ledger.Skipped(job.Id));

        // A listing from the beginning knows better than the one before it.
        bench.Replace(job, new FakeSource([new SourceItem.Skipped("list.csv:3", "not an address")]));
        await bench.Ledger.SetListedAsync(job.Id, false);
        await bench.Ledger.ChangeJobAsync(job.Id, JobEvent.WorkReopened);
        await bench.RunUntilIdleAsync();
        Assert.Equal([new SourceItem.Skipped("list.csv:3", "not an address")], bench.Ledger.Skipped(job.Id));
        Assert.Equal(1, (await bench.JobAsync(job.Id)).Skipped);
        Assert.Equal(3, bench.AcceptedIds().Count);
    }

    [Fact]
    public async Task A_listing_that_waits_says_why_and_what_it_brought_before_is_worked_on()
    {
        var gate = new TaskCompletionSource();
        await using var bench = new EngineBench();
        await bench.SubmitAsync(new WaitingSource(gate.Task));
        await using var running = bench.Start(untilIdle: true);

        while (bench.AcceptedIds().Count < 3)
        {
            await Task.Yield();
        }

        Assert.Equal("the list is shut", running.Engine.Standstill);
        gate.SetResult();
        await running.Work.Soon();
        Assert.Equal(6, bench.AcceptedIds().Count);
    }

    private sealed class WaitingSource(Task gate) : IVideoSource
    {
        public async IAsyncEnumerable<SourceItem> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new SourceItem.Found(LedgerBench.Video(1));
            yield return new SourceItem.Waiting("the list is shut", TimeSpan.FromHours(1));
            await gate.WaitAsync(cancellationToken);
            yield return new SourceItem.Found(LedgerBench.Video(2));
        }
    }

    [Theory]
    [InlineData(JobEvent.PauseRequested)]
    [InlineData(JobEvent.CancelRequested)]
    public async Task A_job_that_is_halted_in_the_middle_of_its_listing_lets_the_engine_end_and_goes_on_when_resumed(JobEvent halt)
    {
        await using var bench = new EngineBench();
        bench.Options = bench.Options with { HighWater = 1 };
        bench.Pipeline.Plan = (_, _) => [];
        bench.Pipeline.BatchSize = _ => 1;
        var screening = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        bench.Pipeline.Behaviours[StageId.Screen] = async call =>
        {
            screening.TrySetResult();
            await gate.Task;
            return call.Normal();
        };
        var source = FakeSource.Of(videos: 300);
        var job = await bench.SubmitAsync(source);
        await using var running = bench.Start(untilIdle: true);
        await screening.Task.Soon();

        await bench.Ledger.ChangeJobAsync(job.Id, halt);
        running.Engine.Wake();
        gate.SetResult();
        await running.Work.Soon();
        Assert.InRange(source.Listed, 1, 299);
        Assert.False((await bench.JobAsync(job.Id)).Listed);

        bench.Pipeline.Behaviours.Clear();
        bench.Options = bench.Options with { HighWater = 100 };
        bench.Pipeline.BatchSize = _ => 32;
        await bench.Ledger.ChangeJobAsync(job.Id, JobEvent.ResumeRequested);
        await bench.RunUntilIdleAsync();
        Assert.Equal((JobState.Completed, 300L), ((await bench.JobAsync(job.Id)).State, (await bench.JobAsync(job.Id)).Found));
        bench.AssertOneVerdictForEachStage();
    }

    [Fact]
    public async Task Work_of_a_paused_job_rests_while_others_go_on()
    {
        await using var bench = new EngineBench();
        var paused = await bench.SubmitAsync(videos: 5);
        await bench.Ledger.ChangeJobAsync(paused.Id, JobEvent.PauseRequested);
        await bench.Ledger.AddVideosAsync(paused.Id, [LedgerBench.Video(0)], []);
        var other = await bench.SubmitAsync(videos: 5, from: 50);

        await bench.RunUntilIdleAsync();

        Assert.DoesNotContain(bench.Pipeline.Runs, run => run.Id == LedgerBench.Video(0).Id.Value);
        Assert.Equal(15, bench.AcceptedIds(other.Id).Count);
        Assert.Equal(JobState.Paused, (await bench.JobAsync(paused.Id)).State);
    }

    [Fact]
    public async Task A_jobs_end_that_fails_says_so_and_is_made_when_the_job_is_resumed()
    {
        await using var bench = new EngineBench();
        bench.Finish = _ => throw new InvalidDataException("a hash is damaged");
        var job = await bench.SubmitAsync(videos: 1);
        await bench.RunUntilIdleAsync();
        var failed = await bench.JobAsync(job.Id);
        Assert.Equal(JobState.Failed, failed.State);
        Assert.Contains("a hash is damaged", failed.Error);
        Assert.Contains($"medgen jobs resume {job.Id}", failed.Error);

        bench.Finish = _ => Task.CompletedTask;
        await bench.Ledger.ChangeJobAsync(job.Id, JobEvent.ResumeRequested);
        await bench.RunUntilIdleAsync();

        Assert.Equal(JobState.Completed, (await bench.JobAsync(job.Id)).State);
        Assert.Equal([job.Id, job.Id], bench.Finished);
        Assert.Equal(StageOrder.Video.Stages.Count + (3 * StageOrder.Clip(StageOrderKind.Paper).Stages.Count), bench.Pipeline.Runs.Count);
    }
}
