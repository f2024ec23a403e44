using System.Globalization;

namespace MedGenCluster.EndToEnd.TextToVideo;

/// <summary><c>medgen generate</c> as a user runs it, with a stand-in for the trainer.</summary>
public sealed class GenerateTests
{
    [Fact]
    public async Task A_host_that_is_killed_in_the_middle_goes_on_without_losing_or_repeating_a_video()
    {
        using var folder = new TrainerFolder(new { serve = new { seconds = 0.15 } }, prompts: 12);
        IReadOnlyList<string> doneBefore;
        using (var first = Medgen.Start(folder.Generate))
        {
            _ = first.StandardOutput.ReadToEndAsync();
            _ = first.StandardError.ReadToEndAsync();
            await TrainerFolder.UntilAsync(() => folder.Sampled.Count >= 4);
            first.Kill();
            await first.WaitForExitAsync();
            doneBefore = [.. (await ShownAsync(folder)).Where(item => item.State == "done").Select(item => item.Text)];
        }

        var again = (await Medgen.RunAsync(folder.Generate)).Succeeds();

        var items = await ShownAsync(folder);
        Assert.Equal(12, items.Count(item => item.State == "done"));
        Assert.Equal(12, items.Select(item => item.Sha256).Distinct().Count());
        Assert.Equal(12, folder.StoredVideos);
        Assert.InRange(doneBefore.Count, 1, 11);
        Assert.All(doneBefore, prompt => Assert.Single(folder.Sampled, prompt));

        // The one in hand at the kill may be sampled again; no other is.
        Assert.InRange(folder.Sampled.Count, 12, 14);
        Assert.Equal(12, again.OfType("result").Single().GetProperty("done").GetInt64());
    }

    [Fact]
    public async Task The_same_command_again_finds_everything_done_and_starts_no_sampler()
    {
        using var folder = new TrainerFolder(new { });
        (await Medgen.RunAsync(folder.Generate)).Succeeds();
        var loads = folder.Log("serve.log").Count;

        (await Medgen.RunAsync(folder.Generate)).Succeeds();

        Assert.Equal(loads, folder.Log("serve.log").Count);
        var listed = Assert.Single((await Medgen.RunAsync(["generations", "--json", .. folder.Here])).Succeeds().Json);
        Assert.Equal(("completed", 6L), (listed.GetProperty("state").GetString()!, listed.GetProperty("done").GetInt64()));
    }

    [Fact]
    public async Task What_fails_is_told_and_tried_again_on_demand()
    {
        using var folder = new TrainerFolder(new { serve = new { fail = new[] { "prompt-2" } } }, prompts: 3);

        var run = await Medgen.RunAsync(folder.Generate);

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("medgen generations retry 1", run.Error, StringComparison.Ordinal);
        Assert.Equal("data: the prompt was to fail", Assert.Single(await ShownAsync(folder), item => item.State == "failed").Reason);
        File.WriteAllText(Path.Combine(folder.Trainer, "behaviour.json"), "{}");
        (await Medgen.RunAsync(["generations", "retry", "1", .. folder.Here])).Succeeds();
        (await Medgen.RunAsync(folder.Generate)).Succeeds();
        Assert.All(await ShownAsync(folder), item => Assert.Equal("done", item.State));
    }

    [Fact]
    public async Task What_cannot_be_used_is_named_with_an_exit_code_that_means_it()
    {
        using var folder = new TrainerFolder(new { });
        var bad = Path.Combine(folder.Trainer, "bad.txt");
        await File.WriteAllTextAsync(bad, "good\n" + new string('x', 5000));

        var prompts = await Medgen.RunAsync(["generate", "--prompts", bad, "--model", folder.Model, .. folder.Here]);
        var option = await Medgen.RunAsync([.. folder.Generate, "--per-prompt", "0"]);
        var model = await Medgen.RunAsync(["generate", "--prompts", folder.Prompts, "--model", folder.Dataset, .. folder.Here]);
        var trainer = await Medgen.RunAsync(["generate", "--prompts", folder.Prompts, "--model", folder.Model, "--data", folder.Data, "--trainer", folder.Dataset]);

        Assert.Equal((3, 2, 3, 2), (prompts.ExitCode, option.ExitCode, model.ExitCode, trainer.ExitCode));
        Assert.Contains("bad.txt, line 2", prompts.Error, StringComparison.Ordinal);
        Assert.Contains("--per-prompt is 0", option.Error, StringComparison.Ordinal);
        Assert.Contains("has no config.json", model.Error, StringComparison.Ordinal);
        Assert.Contains("--trainer", trainer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_generates_what_is_submitted_to_it_and_counts_it_for_the_autoscaler()
    {
        using var folder = new TrainerFolder(new { serve = new { seconds = 0.2 } }, prompts: 8);
        await using var host = await HostProcess.StartAsync(folder.Here);
        using var client = new HttpClient { BaseAddress = new Uri(host.Address) };
        var submitted = await Medgen.RunAsync(["generate", "--prompts", folder.Prompts, "--model", folder.Model, "--detach", "--json", "--server", host.Address]);
        submitted.Succeeds();
        await TrainerFolder.UntilAsync(() => folder.Sampled.Count >= 3);

        var scaling = await client.GetStringAsync("api/scaling");
        var work = (await Medgen.RunAsync(["generate", "--prompts", folder.Prompts, "--model", folder.Model, "--json", "--server", host.Address])).Succeeds();

        Assert.Contains("\"stage\":\"generation\"", scaling, StringComparison.Ordinal);
        Assert.Equal(8, work.OfType("result").Single().GetProperty("done").GetInt64());
        var shown = (await Medgen.RunAsync(["generations", "show", "1", "--json", "--server", host.Address])).Succeeds().Json;
        Assert.Equal(8, shown.Count);
        var video = await client.GetAsync(shown[0].GetProperty("video").GetString());
        Assert.Equal("video/mp4", video.Content.Headers.ContentType!.MediaType);
        Assert.Equal(8, folder.Sampled.Distinct().Count());
        Assert.Equal(8, folder.Sampled.Count);
        Assert.DoesNotContain("\"stage\":\"generation\"", await client.GetStringAsync("api/scaling"), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<(string Text, string State, string? Reason, string? Sha256)>> ShownAsync(TrainerFolder folder) =>
        [.. (await Medgen.RunAsync(["generations", "show", 1.ToString(CultureInfo.InvariantCulture), "--json", .. folder.Here])).Succeeds().Json
            .Select(item => (item.GetProperty("text").GetString()!, item.GetProperty("state").GetString()!, item.GetProperty("reason").GetString(), item.GetProperty("sha256").GetString()))];
}
