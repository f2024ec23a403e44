using System.Text.Json;

namespace MedGenCluster.EndToEnd.TextToVideo;

/// <summary><c>medgen train</c> as a user runs it, with a stand-in for the trainer.</summary>
public sealed class TrainTests
{
    [Fact]
    public async Task A_run_is_trained_and_shown_with_its_lineage()
    {
        using var folder = new TrainerFolder(new { });

        var run = (await Medgen.RunAsync(["train", "--dataset", folder.Dataset, "--max_train_steps", "9", "--use_lora", "--lora_rank", "8", "--json", .. folder.Here])).Succeeds();

        Assert.Equal("completed", run.OfType("result").Single().GetProperty("phase").GetString());
        var shown = Assert.Single((await Medgen.RunAsync(["trainings", "show", "1", "--json", .. folder.Here])).Succeeds().Json);
        var view = shown.GetProperty("run");
        Assert.Equal(9, shown.GetProperty("steps").GetArrayLength());
        Assert.Equal(64, view.GetProperty("datasetSha256").GetString()!.Length);
        Assert.Equal(("8", "true", "stand-in 1"), (
            view.GetProperty("options").GetProperty("lora_rank").GetString()!, view.GetProperty("options").GetProperty("use_lora").GetString()!, view.GetProperty("codeVersion").GetString()!));
    }

    [Fact]
    public async Task A_host_that_is_killed_in_the_middle_goes_on_from_the_last_checkpoint()
    {
        using var folder = new TrainerFolder(new { train = new { seconds = 0.05 } });
        using (var first = Medgen.Start(["train", "--dataset", folder.Dataset, "--max_train_steps", "40", "--checkpointing_steps", "5", "--json", .. folder.Here]))
        {
            _ = first.StandardOutput.ReadToEndAsync();
            _ = first.StandardError.ReadToEndAsync();
            await TrainerFolder.UntilAsync(() => Directory.Exists(Path.Combine(folder.Data, "training", "run-1", "out", "checkpoint-10")));
            first.Kill();
            await first.WaitForExitAsync();
        }

        (await Medgen.RunAsync(["trainings", "resume", "1", "--json", .. folder.Here])).Succeeds();

        var shown = Assert.Single((await Medgen.RunAsync(["trainings", "show", "1", "--json", .. folder.Here])).Succeeds().Json);
        Assert.Equal(Enumerable.Range(1, 40).Select(step => (long)step), shown.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("step").GetInt64()));
        Assert.All(shown.GetProperty("steps").EnumerateArray(), step => Assert.Equal(1.0 / step.GetProperty("step").GetInt64(), step.GetProperty("loss").GetDouble(), 12));
        Assert.Equal(2, folder.Log("train.log").Count);
        Assert.Contains("checkpoint-", JsonDocument.Parse(folder.Log("train.log")[1]).RootElement.GetProperty("given").GetProperty("resume_from_checkpoint").GetString()!, StringComparison.Ordinal);
        Assert.Single(folder.Log("prepare.log"));
    }

    [Fact]
    public async Task A_run_is_cancelled_from_another_terminal()
    {
        using var folder = new TrainerFolder(new { train = new { seconds = 0.05 } });
        using var first = Medgen.Start(["train", "--dataset", folder.Dataset, "--max_train_steps", "5000", "--json", .. folder.Here]);
        var (output, error) = (first.StandardOutput.ReadToEndAsync(), first.StandardError.ReadToEndAsync());
        await TrainerFolder.UntilAsync(() => folder.Log("train.log").Count == 1);

        (await Medgen.RunAsync(["trainings", "cancel", "1", .. folder.Here])).Succeeds();
        await first.WaitForExitAsync();
        await output;

        Assert.Equal(130, first.ExitCode);
        Assert.Contains("medgen trainings resume 1", await error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_used_is_named_with_an_exit_code_that_means_it()
    {
        using var folder = new TrainerFolder(new { train = new { error_at = 2, error = "memory" } }, clips: 0);

        var empty = await Medgen.RunAsync(["train", "--dataset", folder.Dataset, .. folder.Here]);
        var none = await Medgen.RunAsync(["train", "--dataset", folder.Model, .. folder.Here]);
        var option = await Medgen.RunAsync(["train", "--dataset", folder.Dataset, "--learning_rate", "fast", "--lora_rank", "1.5", .. folder.Here]);
        await File.WriteAllTextAsync(Path.Combine(folder.Dataset, "videos2caption.json"), """[{"path":"0.mp4"}]""");
        var memory = await Medgen.RunAsync(["train", "--dataset", folder.Dataset, .. folder.Here]);

        Assert.Equal((3, 3, 2, 3), (empty.ExitCode, none.ExitCode, option.ExitCode, memory.ExitCode));
        Assert.Contains("lists no clips", empty.Error, StringComparison.Ordinal);
        Assert.Contains("medgen export", none.Error, StringComparison.Ordinal);
        Assert.Contains("--learning_rate is 'fast'", option.Error, StringComparison.Ordinal);
        Assert.Contains("--lora_rank is '1.5'; it is a whole number", option.Error, StringComparison.Ordinal);
        Assert.Contains("failed (memory)", memory.Error, StringComparison.Ordinal);
        Assert.Contains("a hint", memory.Error, StringComparison.Ordinal);
    }
}
