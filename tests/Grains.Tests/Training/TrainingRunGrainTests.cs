using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Tests.Support;
using MedGenCluster.Grains.Training;
using Orleans.Storage;

namespace MedGenCluster.Grains.Tests.Training;

public sealed class TrainingRunGrainTests(JobSilo silo) : IClassFixture<JobSilo>
{
    private static readonly TrainingLine Line = new(12, 0.5, 2, 1e-4, null);
    private static readonly CheckpointReference Tenth = new(10, new string('b', 64));

    [Fact]
    public async Task A_run_starts_once_and_refuses_another_order_under_its_id()
    {
        var run = Run("start");

        Assert.Equal(CommandAnswer.Refused, (await run.StartAsync(Order() with { DatasetManifestSha256 = "x" }, default)).Answer);
        Assert.Equal(CommandAnswer.Done, (await run.StartAsync(Order(), default)).Answer);
        Assert.Equal(CommandAnswer.NothingToDo, (await run.StartAsync(Order(), default)).Answer);
        Assert.Equal(CommandAnswer.Refused, (await run.StartAsync(Order(rank: "8"), default)).Answer);
    }

    [Fact]
    public async Task One_worker_has_a_run_and_it_goes_on_from_the_last_checkpoint_when_that_is_lost()
    {
        var run = await StartedAsync("lost");

        Assert.Null((await run.ClaimAsync("a", default))!.ResumeFrom);
        Assert.NotNull(await run.ClaimAsync("a", default));
        Assert.Null(await run.ClaimAsync("b", default));
        Assert.Equal(TrainingAdvice.GoOn, await run.CheckpointAsync("a", Tenth, default));
        Assert.Equal(TrainingAdvice.GoOn, await run.ProgressAsync("a", Line, default));
        Assert.Equal(Line, (await run.StatusAsync(default))!.Line);

        silo.Time.MoveOn(TrainingRunGrain.LeaseLasts);
        Assert.Equal("waiting", (await run.StatusAsync(default))!.Phase);
        silo.Time.MoveOn(TimeSpan.FromMinutes(1));

        Assert.Equal(Tenth, (await run.ClaimAsync("b", default))!.ResumeFrom);
        Assert.Equal(TrainingAdvice.Lost, await run.ProgressAsync("a", Line, default));
        Assert.True(await run.EndAsync("b", TrainingEnd.Finished, null, false, default));
        Assert.Equal("completed", (await run.StatusAsync(default))!.Phase);
    }

    [Fact]
    public async Task What_a_run_knows_outlives_its_activation()
    {
        var run = await StartedAsync("survives");
        await run.ClaimAsync("a", default);
        await run.CheckpointAsync("a", Tenth, default);

        await silo.DeactivateAllAsync();
        silo.Time.MoveOn(TrainingRunGrain.LeaseLasts * 2);

        var status = (await run.StatusAsync(default))!;
        Assert.Equal(("running", Tenth, "32"), (status.Phase, status.Checkpoint, status.Order.Arguments["lora-rank"]));
        Assert.Equal(TrainingAdvice.GoOn, await run.ProgressAsync("a", Line, default));
    }

    [Fact]
    public async Task A_cancelled_run_stops_its_worker_cleanly_and_can_be_resumed_once()
    {
        var run = await StartedAsync("cancelled");
        await run.ClaimAsync("a", default);

        Assert.Equal(CommandAnswer.Done, (await run.CancelAsync(default)).Answer);
        Assert.Equal(TrainingAdvice.Stop, await run.ProgressAsync("a", Line, default));
        Assert.Equal(TrainingAdvice.Stop, await run.CheckpointAsync("a", Tenth, default));
        Assert.True(await run.EndAsync("a", TrainingEnd.Stopped, null, false, default));
        Assert.Equal("cancelled", (await run.StatusAsync(default))!.Phase);

        Assert.Equal(CommandAnswer.Done, (await run.ResumeAsync("again", default)).Answer);
        await run.CancelAsync(default);
        Assert.Equal(CommandAnswer.NothingToDo, (await run.ResumeAsync("again", default)).Answer);
        Assert.Equal("cancelled", (await run.StatusAsync(default))!.Phase);
    }

    [Fact]
    public async Task A_loss_that_is_no_number_ends_the_run_and_keeps_the_last_good_checkpoint()
    {
        var run = await StartedAsync("nan");
        await run.ClaimAsync("a", default);
        await run.CheckpointAsync("a", Tenth, default);

        await run.EndAsync("a", TrainingEnd.Crashed, "The loss is not a number at step 12.", retryable: false, default);

        var status = (await run.StatusAsync(default))!;
        Assert.Equal(("failed", Tenth, "The loss is not a number at step 12."), (status.Phase, status.Checkpoint, status.Reason));
    }

    [Fact]
    public async Task A_run_whose_state_another_has_written_fails_that_call_and_then_knows_what_is_stored()
    {
        var run = await StartedAsync("conflict");
        var other = new GrainState<TrainingRunState>(new TrainingRunState());
        await silo.Storage.ReadStateAsync("training", run.GetGrainId(), other);
        other.State!.Checkpoint = Tenth;
        await silo.Storage.WriteStateAsync("training", run.GetGrainId(), other);

        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => run.ClaimAsync("a", default));

        Assert.Equal(Tenth, (await run.ClaimAsync("a", default))!.ResumeFrom);
    }

    private static TrainingOrder Order(string rank = "32") => new(new string('d', 64), new Dictionary<string, string> { ["lora-rank"] = rank }, "0.1.0");

    private ITrainingRunGrain Run(string id) => silo.Grains.GetGrain<ITrainingRunGrain>(id);

    private async Task<ITrainingRunGrain> StartedAsync(string id)
    {
        var run = Run(id);
        Assert.Equal(CommandAnswer.Done, (await run.StartAsync(Order(), default)).Answer);
        return run;
    }
}
