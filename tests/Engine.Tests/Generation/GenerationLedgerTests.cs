using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Generation;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Generation;

public sealed class GenerationLedgerTests
{
    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task There_is_one_item_for_each_model_prompt_and_seed_in_that_order(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.Ledger.CreateGenerationAsync(GenerationBench.Plan(prompts: 2, perPrompt: 2, models: 2));
        await bench.ReopenAsync();

        var items = await bench.Ledger.TakeAsync();

        Assert.Equal(8, job.Items);
        Assert.Equal(
            [(0, 0, 7L), (0, 0, 8L), (0, 1, 7L), (0, 1, 8L), (1, 0, 7L), (1, 0, 8L), (1, 1, 7L), (1, 1, 8L)],
            items.Select(item => (item.Item.Model, item.Item.Prompt, item.Item.Seed)));
        Assert.Equal("prompt 1", items[2].Text);
        Assert.Equal(["p0", "p1"], (await bench.Ledger.GenerationPromptsAsync(job.Id)).Select(prompt => prompt.Id));
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task The_same_plan_is_the_same_job_and_another_model_is_another(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var first = await bench.Ledger.CreateGenerationAsync(GenerationBench.Plan());
        await bench.Ledger.DoneAsync((await bench.Ledger.TakeAsync(max: 1))[0]);

        var again = await bench.Ledger.CreateGenerationAsync(GenerationBench.Plan(name: "another name"));
        var other = await bench.Ledger.CreateGenerationAsync(GenerationBench.Plan(fingerprint: "f1"));

        Assert.Equal((first.Id, 1L), (again.Id, again.Done));
        Assert.NotEqual(first.Id, other.Id);
        Assert.Equal(6, (await bench.Ledger.GenerationItemsAsync(new GenerationItemQuery(first.Id))).Count);
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task No_item_is_handed_out_twice_while_it_is_leased(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        await bench.Ledger.CreateGenerationAsync(GenerationBench.Plan(prompts: 25, perPrompt: 4));

        var leases = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => bench.Ledger.TakeAsync(max: 7, owner: $"worker {i}"))).Soon();

        var handedOut = leases.SelectMany(items => items).Select(item => item.Item.Seq).ToList();
        Assert.Equal(100, handedOut.Count);
        Assert.Equal(100, handedOut.Distinct().Count());
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_result_under_a_lost_lease_is_dropped_and_one_that_comes_twice_counts_once(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.Ledger.CreateGenerationAsync(GenerationBench.Plan(prompts: 1, perPrompt: 1));
        var slow = Assert.Single(await bench.Ledger.TakeAsync(owner: "slow"));
        bench.Time.Advance(GenerationBench.Lease);
        var quick = Assert.Single(await bench.Ledger.TakeAsync(owner: "quick"));

        Assert.False(await bench.Ledger.DoneAsync(slow, "slow"));
        Assert.True(await bench.Ledger.DoneAsync(quick, "quick"));
        Assert.False(await bench.Ledger.DoneAsync(quick, "quick"));
        Assert.False(await bench.Ledger.FailedAsync(slow, owner: "slow"));

        var ended = (await bench.Ledger.GenerationAsync(job.Id))!;
        Assert.Equal((GenerationState.Completed, 1L, 0L, 2.5), (ended.State, ended.Done, ended.Failed, ended.BusySeconds));
        Assert.Equal(1, (await bench.Ledger.GenerationItemAsync(quick.Item.Seq))!.Strikes);
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_lease_that_is_renewed_does_not_run_out(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        await bench.Ledger.CreateGenerationAsync(GenerationBench.Plan(prompts: 1, perPrompt: 1));
        var item = Assert.Single(await bench.Ledger.TakeAsync());

        bench.Time.Advance(GenerationBench.Lease / 2);
        Assert.Equal(1, await bench.Ledger.RenewGenerationsAsync([item.Item.Seq], "me", GenerationBench.Lease));
        Assert.Equal(0, await bench.Ledger.RenewGenerationsAsync([item.Item.Seq], "somebody else", GenerationBench.Lease));
        bench.Time.Advance(GenerationBench.Lease / 2);

        Assert.Empty(await bench.Ledger.TakeAsync(owner: "other"));
        Assert.True(await bench.Ledger.DoneAsync(item));
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_failure_is_tried_again_after_a_delay_until_the_attempts_are_used_up(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.Ledger.CreateGenerationAsync(GenerationBench.Plan(prompts: 1, perPrompt: 1));
        for (var attempt = 1; attempt < RetryPolicy.Default.MaxAttempts; attempt++)
        {
            await bench.Ledger.FailedAsync(Assert.Single(await bench.Ledger.TakeAsync()));
            var early = await bench.Ledger.LeaseGenerationsAsync(null, 1, "me", GenerationBench.Lease);
            Assert.Empty(early.Items);
            bench.Time.Advance(early.NextDue!.Value - bench.Time.GetUtcNow());
        }

        await bench.Ledger.FailedAsync(Assert.Single(await bench.Ledger.TakeAsync()));

        var row = (await bench.Ledger.GenerationAsync(job.Id))!;
        var item = Assert.Single(await bench.Ledger.GenerationItemsAsync(new GenerationItemQuery(job.Id, GenerationItemState.Failed)));
        Assert.Equal((GenerationState.Completed, 1L, 3, "the sampler died"), (row.State, row.Failed, item.Attempts, item.Reason));

        Assert.Equal(1, await bench.Ledger.RetryGenerationAsync(job.Id));
        Assert.True(await bench.Ledger.DoneAsync(Assert.Single(await bench.Ledger.TakeAsync())));
        Assert.Equal((0L, 1L, GenerationState.Completed), await StandingAsync(bench, job.Id));
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_failure_that_would_come_again_is_not_tried_again(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.Ledger.CreateGenerationAsync(GenerationBench.Plan(prompts: 1, perPrompt: 1));

        await bench.Ledger.FailedAsync(Assert.Single(await bench.Ledger.TakeAsync()), retryable: false);

        Assert.Equal((1L, 0L, GenerationState.Completed), await StandingAsync(bench, job.Id));
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task An_item_that_takes_every_worker_down_is_put_aside(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.Ledger.CreateGenerationAsync(GenerationBench.Plan(prompts: 1, perPrompt: 1));
        for (var death = 0; death < 10; death++)
        {
            Assert.Single(await bench.Ledger.TakeAsync(owner: $"dead {death}"));
            Assert.Equal(1, await bench.Ledger.ReclaimGenerationsAsync([$"dead {death}"]));
        }

        Assert.Empty(await bench.Ledger.TakeAsync());
        Assert.Equal((1L, 0L, GenerationState.Completed), await StandingAsync(bench, job.Id));
        Assert.Equal("its worker died 10 times with it", Assert.Single(await bench.Ledger.GenerationItemsAsync(new GenerationItemQuery(job.Id))).Reason);
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task What_is_given_back_is_due_at_once_and_no_strike(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        await bench.Ledger.CreateGenerationAsync(GenerationBench.Plan(prompts: 1, perPrompt: 1));
        var item = Assert.Single(await bench.Ledger.TakeAsync());

        await bench.Ledger.ReleaseGenerationsAsync([item.Item.Seq], "me");

        Assert.Equal(0, Assert.Single(await bench.Ledger.TakeAsync(owner: "other")).Item.Strikes);
        Assert.Equal(["other"], await bench.Ledger.GenerationOwnersAsync());
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_cancelled_job_hands_nothing_out_and_goes_on_when_it_is_asked_for_again(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var job = await bench.Ledger.CreateGenerationAsync(GenerationBench.Plan());
        await bench.Ledger.DoneAsync((await bench.Ledger.TakeAsync(max: 1))[0]);

        Assert.True(await bench.Ledger.CancelGenerationAsync(job.Id));
        Assert.False(await bench.Ledger.CancelGenerationAsync(job.Id));
        Assert.Empty(await bench.Ledger.TakeAsync());

        await bench.Ledger.CreateGenerationAsync(GenerationBench.Plan());
        Assert.Equal(5, (await bench.Ledger.TakeAsync()).Count);
    }

    private static async Task<(long Failed, long Done, GenerationState State)> StandingAsync(LedgerBench bench, long job)
    {
        var row = (await bench.Ledger.GenerationAsync(job))!;
        return (row.Failed, row.Done, row.State);
    }
}
