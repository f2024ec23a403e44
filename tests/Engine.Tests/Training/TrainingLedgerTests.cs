using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Tests.Support;
using MedGenCluster.Engine.Training;

namespace MedGenCluster.Engine.Tests.Training;

public sealed class TrainingLedgerTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TrainingSettings Settings = new(
        "/data/set", new string('a', 64), new Dictionary<string, string>(), new Dictionary<string, string> { ["max_train_steps"] = "10" }, ["a heart"], 2, "0.1.0");

    [Theory]
    [InlineData(Database.File)]
    [InPostgres]
    public async Task A_run_is_remembered_with_its_lineage(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var run = await bench.Ledger.CreateTrainingAsync("heart", Settings);
        Assert.Equal(run.Id, (await bench.Ledger.ClaimTrainingAsync(null, "w", Lease))!.Id);
        Assert.True(await bench.Ledger.RecordPreparedAsync(run.Id, "w", """{"clips":3}""", Lease));
        Assert.True(await bench.Ledger.RecordStartAsync(run.Id, "w", 10, "t2v 1", Lease));
        Assert.True(await bench.Ledger.RecordStepsAsync(run.Id, "w", [Step(1, 0.9), Step(2, 0.8)], Lease));
        Assert.True(await bench.Ledger.RecordCheckpointAsync(run.Id, "w", new StoredCheckpoint(2, "checkpoint-2", Media('b')), Lease));
        Assert.True(await bench.Ledger.RecordClipAsync(run.Id, "w", new TrainingClip(2, "a heart", 5, Media('c')), Lease));
        Assert.True(await bench.Ledger.EndTrainingAsync(run.Id, "w", new TrainingEnd.Finished(Media('d'), "/out/model"), RetryPolicy.Default));
        await bench.ReopenAsync();

        var row = (await bench.Ledger.TrainingAsync(run.Id))!;

        Assert.Equal(Settings with { Prepare = row.Settings.Prepare, Train = row.Settings.Train, ValidationPrompts = row.Settings.ValidationPrompts }, row.Settings);
        Assert.Equal("10", row.Settings.Train["max_train_steps"]);
        Assert.Equal(
            (TrainingPhase.Completed, 2L, 10L, (double?)0.8, 3.0, "t2v 1", Media('d')),
            (row.Life.Phase, row.Step, row.Steps, row.Loss, row.BusySeconds, row.CodeVersion, row.Model));
        Assert.Equal(new TrainingCheckpoint(2, Media('b').Sha256), row.Life.Checkpoint);
        Assert.Equal([new StoredCheckpoint(2, "checkpoint-2", Media('b'))], await bench.Ledger.CheckpointsAsync(run.Id));
        Assert.Equal([new TrainingClip(2, "a heart", 5, Media('c'))], await bench.Ledger.TrainingClipsAsync(run.Id));
        Assert.NotNull(row.EndedAt);
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task Steps_that_an_attempt_repeats_replace_those_of_the_lost_one(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var run = await bench.Ledger.CreateTrainingAsync("heart", Settings);
        await bench.Ledger.ClaimTrainingAsync(null, "w", Lease);
        await bench.Ledger.RecordStepsAsync(run.Id, "w", [Step(1, 1), Step(2, 2), Step(3, 3)], Lease);

        await bench.Ledger.RecordStepsAsync(run.Id, "w", [Step(2, 20), Step(3, 30), Step(4, 40)], Lease);

        Assert.Equal([1, 20, 30, 40], (await bench.Ledger.TrainingStepsAsync(run.Id)).Select(step => step.Loss));
        Assert.Equal([3, 4], (await bench.Ledger.TrainingStepsAsync(run.Id, after: 2)).Select(step => step.Step));
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task What_a_lost_worker_says_is_dropped(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var run = await bench.Ledger.CreateTrainingAsync("heart", Settings);
        await bench.Ledger.ClaimTrainingAsync(null, "slow", Lease);
        bench.Time.Advance(Lease);

        // It ends the lost attempt; the next one waits a moment.
        Assert.Null(await bench.Ledger.ClaimTrainingAsync(null, "quick", Lease));
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.NotNull(await bench.Ledger.ClaimTrainingAsync(null, "quick", Lease));

        Assert.False(await bench.Ledger.RecordStepsAsync(run.Id, "slow", [Step(1, 1)], Lease));
        Assert.False(await bench.Ledger.RecordCheckpointAsync(run.Id, "slow", new StoredCheckpoint(1, "checkpoint-1", Media('b')), Lease));
        Assert.False(await bench.Ledger.EndTrainingAsync(run.Id, "slow", new TrainingEnd.Stopped(), RetryPolicy.Default));
        Assert.Empty(await bench.Ledger.TrainingStepsAsync(run.Id));
        Assert.Equal(1, (await bench.Ledger.TrainingAsync(run.Id))!.Life.Attempts);
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_dead_workers_run_waits_again_without_its_lease_running_out(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        await bench.Ledger.CreateTrainingAsync("heart", Settings);
        await bench.Ledger.ClaimTrainingAsync(null, "dead", Lease);

        Assert.Equal(1, await bench.Ledger.ReclaimTrainingsAsync(operation => operation == "dead", RetryPolicy.Default));
        bench.Time.Advance(RetryPolicy.Default.BaseDelay);

        Assert.NotNull(await bench.Ledger.ClaimTrainingAsync(null, "me", Lease));
    }

    [Theory]
    [InlineData(Database.Memory)]
    [InPostgres]
    public async Task A_cancelled_run_is_stopped_by_its_worker_and_can_be_taken_up_again(Database database)
    {
        await using var bench = await LedgerBench.OpenAsync(database);
        var run = await bench.Ledger.CreateTrainingAsync("heart", Settings);
        await bench.Ledger.ClaimTrainingAsync(run.Id, "w", Lease);

        Assert.True(await bench.Ledger.ChangeTrainingAsync(run.Id, new TrainingEvent.CancelRequested()));
        Assert.Equal(TrainingPhase.Stopping, (await bench.Ledger.TrainingAsync(run.Id))!.Life.Phase);
        Assert.True(await bench.Ledger.EndTrainingAsync(run.Id, "w", new TrainingEnd.Stopped(), RetryPolicy.Default));
        Assert.Equal(TrainingPhase.Cancelled, (await bench.Ledger.TrainingAsync(run.Id))!.Life.Phase);

        Assert.True(await bench.Ledger.ChangeTrainingAsync(run.Id, new TrainingEvent.ResumeRequested()));
        Assert.NotNull(await bench.Ledger.ClaimTrainingAsync(run.Id, "w", Lease));
    }

    private static MediaRef Media(char digit) => new(new string(digit, 64), digit);

    private static TrainingStep Step(long step, double loss) => new(step, loss, 5e-5, 1, 1.5, 2, 300);
}
