using System.Diagnostics;
using System.Globalization;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Processes;
using MedGenCluster.Engine.Training;

namespace MedGenCluster.GpuWorkers.Tests.Trainer;

/// <summary>A training worker with programs that are real processes.</summary>
public sealed class TrainingWorkerTests
{
    [Fact]
    public async Task A_run_is_prepared_trained_and_kept_with_its_curve_checkpoints_clips_and_model()
    {
        await using var bench = new TrainerBench();
        var run = await bench.TrainAsync(prompts: ["a heart", "a knee"], options: [("max_train_steps", "10"), ("checkpointing_steps", "4"), ("use_lora", "true")]);

        var row = await RunAsync(bench, run.Id);

        Assert.Equal((TrainingPhase.Completed, 10L, 10L, "stand-in 1"), (row.Life.Phase, row.Step, row.Steps, row.CodeVersion!));
        Assert.Contains("too-short", row.Prepared!, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, 10).Select(step => 1.0 / step), (await bench.Ledger.TrainingStepsAsync(run.Id)).Select(step => step.Loss));
        Assert.Equal([4L, 8L], (await bench.Ledger.CheckpointsAsync(run.Id)).Select(checkpoint => checkpoint.Step));
        var clips = await bench.Ledger.TrainingClipsAsync(run.Id);
        Assert.Equal([(5L, "a heart"), (5L, "a knee"), (10L, "a heart"), (10L, "a knee")], clips.Select(clip => (clip.Step, clip.Prompt)));
        Assert.StartsWith("[\"a heart\", 5]", await File.ReadAllTextAsync(await bench.Media.OpenLocalAsync(clips[0].Media, CancellationToken.None)));
        Assert.NotNull(row.Model);
        Assert.True(File.Exists(Path.Combine(row.ModelPath!, "config.json")));
        Assert.Contains("\"use_lora\": true", Assert.Single(bench.Log("train.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trainer_that_is_killed_goes_on_from_its_last_checkpoint_without_preparing_again()
    {
        await using var bench = new TrainerBench(new { train = new { die_at = 6 } });
        var run = await bench.TrainAsync(options: [("max_train_steps", "10"), ("checkpointing_steps", "4")]);

        var row = await RunAsync(bench, run.Id);

        Assert.Equal(TrainingPhase.Completed, row.Life.Phase);
        Assert.Equal(Enumerable.Range(1, 10).Select(step => (long)step), (await bench.Ledger.TrainingStepsAsync(run.Id)).Select(step => step.Step));
        Assert.Single(bench.Log("prepare.log"));
        Assert.Collection(
            bench.Log("train.log"),
            first => Assert.DoesNotContain("resume_from_checkpoint", first, StringComparison.Ordinal),
            second => Assert.Contains("checkpoint-4", second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_checkpoint_whose_folder_is_gone_is_brought_back_from_the_media_store()
    {
        await using var bench = new TrainerBench(new { train = new { die_at = 6 } });
        var run = await bench.TrainAsync(options: [("max_train_steps", "10"), ("checkpointing_steps", "4")]);
        var worker = bench.TrainingWorker();
        using var stop = new CancellationTokenSource();
        var work = worker.RunAsync(run.Id, untilIdle: true, stop.Token);
        await GenerationWorkerTests.UntilAsync(async () => (await bench.Ledger.TrainingAsync(run.Id))!.Life is { Phase: TrainingPhase.Waiting, Attempts: 1 });
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work.WaitAsync(TrainerBench.Patience));

        Directory.Delete(Path.Combine(bench.Runs, $"run-{run.Id}", "out"), recursive: true);

        Assert.Equal(TrainingPhase.Completed, (await RunAsync(bench, run.Id)).Life.Phase);
        Assert.Contains("checkpoint-4", bench.Log("train.log")[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_dies_at_the_same_step_every_time_fails_after_bounded_attempts()
    {
        await using var bench = new TrainerBench(new { train = new { die_always_at = 2 } });
        var run = await bench.TrainAsync();

        var row = await RunAsync(bench, run.Id);

        Assert.Equal((TrainingPhase.Failed, RetryPolicy.Default.MaxAttempts, "crash"), (row.Life.Phase, row.Life.Attempts, row.Kind!));
        Assert.Contains("ended by signal 9", row.Life.Reason!, StringComparison.Ordinal);
        Assert.Contains("about to die", row.Life.Reason!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("geometry")]
    [InlineData("nan")]
    [InlineData("memory")]
    [InlineData("disk")]
    [InlineData("missing")]
    [InlineData("usage")]
    public async Task An_error_that_would_come_again_ends_the_run_with_its_kind_and_hint(string kind)
    {
        await using var bench = new TrainerBench(new { train = new { error_at = 3, error = kind } });
        var run = await bench.TrainAsync();

        var row = await RunAsync(bench, run.Id);

        Assert.Equal((TrainingPhase.Failed, 1, kind, "a hint"), (row.Life.Phase, row.Life.Attempts, row.Kind!, row.Hint!));
        Assert.Equal("the training was told to fail (step 3)", row.Life.Reason);
        Assert.Single(bench.Log("train.log"));
    }

    [Fact]
    public async Task A_loss_that_is_no_number_stops_the_run_and_names_the_last_good_checkpoint()
    {
        await using var bench = new TrainerBench(new { train = new { nan_at = 6 } });
        var run = await bench.TrainAsync(options: [("max_train_steps", "10"), ("checkpointing_steps", "4")]);

        var row = await RunAsync(bench, run.Id);

        Assert.Equal((TrainingPhase.Failed, "nan", 5L), (row.Life.Phase, row.Kind!, row.Step));
        Assert.Equal("the loss of step 6 is not a number; the last good checkpoint is that of step 4.", row.Life.Reason);
    }

    [Fact]
    public async Task A_trainer_that_says_nothing_is_killed_and_started_again()
    {
        await using var bench = new TrainerBench(new { train = new { hang_at = 2 } });
        var run = await bench.TrainAsync(options: [("max_train_steps", "3")]);
        var worker = bench.TrainingWorker(silence: TimeSpan.FromSeconds(15));

        await worker.RunAsync(run.Id, untilIdle: true, CancellationToken.None).WaitAsync(TrainerBench.Patience);

        Assert.Equal(TrainingPhase.Completed, (await bench.Ledger.TrainingAsync(run.Id))!.Life.Phase);
        Assert.Equal(2, bench.Log("train.log").Count);
    }

    [Fact]
    public async Task A_cancelled_run_writes_a_checkpoint_and_can_be_taken_up_again()
    {
        await using var bench = new TrainerBench(new { train = new { seconds = 0.05 } });
        var run = await bench.TrainAsync(options: [("max_train_steps", "60"), ("checkpointing_steps", "1000")]);
        var worker = bench.TrainingWorker();
        var work = worker.RunAsync(run.Id, untilIdle: true, CancellationToken.None);
        await GenerationWorkerTests.UntilAsync(async () => (await bench.Ledger.TrainingAsync(run.Id))!.Step >= 2);

        await bench.Ledger.ChangeTrainingAsync(run.Id, new TrainingEvent.CancelRequested());
        await work.WaitAsync(TrainerBench.Patience);

        var cancelled = (await bench.Ledger.TrainingAsync(run.Id))!;
        Assert.Equal((TrainingPhase.Cancelled, cancelled.Step), (cancelled.Life.Phase, cancelled.Life.Checkpoint!.Step));
        await bench.Ledger.ChangeTrainingAsync(run.Id, new TrainingEvent.ResumeRequested());
        Assert.Equal((TrainingPhase.Completed, 60L), ((await RunAsync(bench, run.Id)).Life.Phase, (await bench.Ledger.TrainingAsync(run.Id))!.Step));
    }

    [Fact]
    public async Task Several_processes_are_started_by_torchrun()
    {
        await using var bench = new TrainerBench();
        var run = await bench.TrainAsync(processes: 2, options: [("max_train_steps", "3")]);

        Assert.Equal(TrainingPhase.Completed, (await RunAsync(bench, run.Id)).Life.Phase);
        Assert.Contains("\"world\": \"2\"", Assert.Single(bench.Log("train.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_torchrun_is_named()
    {
        await using var bench = new TrainerBench();
        File.Delete(Path.Combine(bench.Trainer, "torch", "distributed", "run.py"));
        var run = await bench.TrainAsync(processes: 2);

        var row = await RunAsync(bench, run.Id);

        Assert.Equal((TrainingPhase.Failed, "missing"), (row.Life.Phase, row.Kind!));
        Assert.Contains("torchrun", row.Life.Reason!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_interpreter_is_named()
    {
        await using var bench = new TrainerBench();
        var run = await bench.TrainAsync();
        var worker = bench.TrainingWorker(python: "no-such-python");

        await worker.RunAsync(run.Id, untilIdle: true, CancellationToken.None).WaitAsync(TrainerBench.Patience);

        var row = (await bench.Ledger.TrainingAsync(run.Id))!;
        Assert.Equal(("missing", "there is no Python interpreter 'no-such-python' on this machine."), (row.Kind!, row.Life.Reason!));
    }

    [Fact]
    public async Task A_run_whose_base_has_changed_since_fails_before_it_trains()
    {
        await using var bench = new TrainerBench();
        var model = Directory.CreateDirectory(Path.Combine(bench.Runs, "base")).FullName;
        await File.WriteAllTextAsync(Path.Combine(model, "transformer.safetensors"), "weights");
        var begin = TrainingBase.Open(model, []).Base!;
        var unchanged = await bench.TrainAsync(begin: begin, options: [("max_train_steps", "2"), ("init_from", model)]);
        Assert.Equal(TrainingPhase.Completed, (await RunAsync(bench, unchanged.Id)).Life.Phase);
        await File.WriteAllTextAsync(Path.Combine(model, "transformer.safetensors"), "others");
        var changed = await bench.TrainAsync(begin: begin, options: [("max_train_steps", "2"), ("init_from", model)]);

        var row = await RunAsync(bench, changed.Id);

        Assert.Equal((TrainingPhase.Failed, "data"), (row.Life.Phase, row.Kind));
        Assert.Contains("another fingerprint", row.Life.Reason, StringComparison.Ordinal);
        Assert.Single(bench.Log("train.log"));
    }

    [Fact]
    public async Task A_dataset_without_accepted_clips_is_refused_with_what_to_do()
    {
        await using var bench = new TrainerBench();
        var run = await bench.TrainAsync(clips: 0);

        var row = await RunAsync(bench, run.Id);

        Assert.Equal((TrainingPhase.Failed, "data"), (row.Life.Phase, row.Kind!));
        Assert.Contains("lists no clips", row.Life.Reason!, StringComparison.Ordinal);
        Assert.Empty(bench.Log("prepare.log"));
    }

    [Fact]
    public async Task What_outlived_a_killed_host_is_ended_before_the_run_goes_on()
    {
        await using var bench = new TrainerBench();
        var run = await bench.TrainAsync(options: [("max_train_steps", "2")]);
        using var leftover = Process.Start("setsid", ["sleep", "600"]);
        // Before that it leads no group.
        await GenerationWorkerTests.UntilAsync(async () => (await File.ReadAllTextAsync($"/proc/{leftover.Id}/comm")).Trim() == "sleep");
        var folder = Directory.CreateDirectory(Path.Combine(bench.Runs, $"run-{run.Id}")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "process"), string.Create(CultureInfo.InvariantCulture, $"{leftover.Id} {ProcessGroup.StartOf(leftover.Id)}"));

        await RunAsync(bench, run.Id);

        await leftover.WaitForExitAsync().WaitAsync(TrainerBench.Patience);
        Assert.Equal(137, leftover.ExitCode);
    }

    private static async Task<TrainingRow> RunAsync(TrainerBench bench, long run)
    {
        var worker = bench.TrainingWorker();
        await worker.RunAsync(run, untilIdle: true, CancellationToken.None).WaitAsync(TrainerBench.Patience);
        return (await bench.Ledger.TrainingAsync(run))!;
    }
}
