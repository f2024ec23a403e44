using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Generation;
using MedGenCluster.Grains.Tests.Support;
using Orleans.Storage;

namespace MedGenCluster.Grains.Tests.Generation;

public sealed class GenerationJobGrainTests(JobSilo silo) : IClassFixture<JobSilo>
{
    private static readonly GenerationOrder Order = new(new string('a', 64), 2, "demo", 2, 7, 2);

    [Fact]
    public async Task A_job_starts_once_and_refuses_another_order_under_its_id()
    {
        var job = Job("start");

        Assert.Equal(CommandAnswer.Refused, (await job.StartAsync(Order with { Prompts = 0 }, default)).Answer);
        Assert.Null(await job.StatusAsync(default));
        Assert.Equal(CommandAnswer.Done, (await job.StartAsync(Order, default)).Answer);
        Assert.Equal(CommandAnswer.NothingToDo, (await job.StartAsync(Order, default)).Answer);
        Assert.Contains("new id", (await job.StartAsync(Order with { Model = "other" }, default)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workers_get_different_items_the_same_ones_when_they_ask_twice_and_the_job_ends_with_the_last()
    {
        var job = await StartedAsync("work");

        var (a, again, b) = (await job.LeaseAsync("a", default), await job.LeaseAsync("a", default), await job.LeaseAsync("b", default));
        Assert.Equal(a!.Items, again!.Items);
        Assert.Equal([(0, 7L), (0, 8L), (1, 7L), (1, 8L)], a.Items.Concat(b!.Items).Select(item => (item.Prompt, item.Seed)));
        Assert.NotNull((await job.LeaseAsync("c", default))!.RetryAt);
        foreach (var work in (GenerationWork[])[a, b])
        {
            foreach (var item in work.Items)
            {
                Assert.True(await job.ReportAsync(new GenerationReport(work.Operation, work.Slice, item.Number), default));
            }
        }

        Assert.Equal(new GenerationStatus("completed", 4, 4, 0, 0, 0), await job.StatusAsync(default));
        Assert.Null((await job.LeaseAsync("c", default))!.RetryAt);
        Assert.False(await job.ReportAsync(new GenerationReport("a", a.Slice, 0), default));
    }

    [Fact]
    public async Task A_lease_that_runs_out_goes_to_another_and_the_late_result_counts_for_nothing()
    {
        var job = await StartedAsync("late");
        var lost = await job.LeaseAsync("lost", default);

        silo.Time.MoveOn(GenerationJobGrain.LeaseLasts);

        Assert.False(await job.ReportAsync(new GenerationReport("lost", lost!.Slice, 0), default));
        var next = await job.LeaseAsync("next", default);
        Assert.Equal((lost.Slice, 0), (next!.Slice, Assert.Single(next.Items).Number));
        Assert.True(await job.ReportAsync(new GenerationReport("next", next.Slice, 0), default));
        Assert.Equal(1, (await job.StatusAsync(default))!.Done);
    }

    [Fact]
    public async Task A_renewed_lease_does_not_run_out()
    {
        var job = await StartedAsync("renewed");
        var work = await job.LeaseAsync("a", default);
        for (var round = 0; round < 3; round++)
        {
            silo.Time.MoveOn(GenerationJobGrain.LeaseLasts * 0.75);
            Assert.True(await job.RenewAsync("a", work!.Slice, default));
        }

        Assert.Equal(2, (await job.StatusAsync(default))!.Leased);
    }

    [Fact]
    public async Task What_a_job_knows_outlives_its_activation()
    {
        var job = await StartedAsync("survives");
        var work = await job.LeaseAsync("a", default);
        await job.ReportAsync(new GenerationReport("a", work!.Slice, 0), default);
        await job.ReportAsync(new GenerationReport("a", work.Slice, 1, "no such prompt", Retryable: false), default);
        var open = await job.LeaseAsync("b", default);

        await silo.DeactivateAllAsync();
        // While it was away nobody could renew.
        silo.Time.MoveOn(GenerationJobGrain.LeaseLasts * 2);

        Assert.Equal(new GenerationStatus("running", 4, 1, 1, 2, 1), await job.StatusAsync(default));
        Assert.Equal(new GenerationDeadLetter(0, 8, 1, "no such prompt"), Assert.Single(await job.DeadLettersAsync(10, default)));
        Assert.True(await job.ReportAsync(new GenerationReport("b", open!.Slice, 0), default));
    }

    [Fact]
    public async Task A_cancelled_job_takes_its_items_back_and_a_retry_goes_on_once()
    {
        var job = await StartedAsync("cancelled");
        var work = await job.LeaseAsync("a", default);

        Assert.Equal(CommandAnswer.Done, (await job.CancelAsync(default)).Answer);
        Assert.Equal(CommandAnswer.NothingToDo, (await job.CancelAsync(default)).Answer);
        Assert.False(await job.RenewAsync("a", work!.Slice, default));
        Assert.Equal(CommandAnswer.Done, (await job.RetryAsync("again", default)).Answer);
        await job.CancelAsync(default);
        Assert.Equal(CommandAnswer.NothingToDo, (await job.RetryAsync("again", default)).Answer);
        Assert.Equal("cancelled", (await job.StatusAsync(default))!.State);
    }

    [Fact]
    public async Task A_job_whose_state_another_has_written_fails_that_call_and_then_knows_what_is_stored()
    {
        var job = await StartedAsync("conflict");
        var grain = job.GetGrainId();
        var other = new GrainState<GenerationJobState>(new GenerationJobState());
        await silo.Storage.ReadStateAsync("generation", grain, other);
        other.State!.Slices[0] = new StoredSlice { Done = 0b01 };
        await silo.Storage.WriteStateAsync("generation", grain, other);

        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => job.LeaseAsync("a", default));

        Assert.Equal(1, (await job.StatusAsync(default))!.Done);
        Assert.Equal(1, Assert.Single((await job.LeaseAsync("a", default))!.Items).Number);
    }

    private IGenerationJobGrain Job(string id) => silo.Grains.GetGrain<IGenerationJobGrain>(id);

    private async Task<IGenerationJobGrain> StartedAsync(string id)
    {
        var job = Job(id);
        Assert.Equal(CommandAnswer.Done, (await job.StartAsync(Order, default)).Answer);
        return job;
    }
}
