using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Generation;

namespace MedGenCluster.GpuWorkers.Tests.Trainer;

/// <summary>A generation worker with a sampler that is a real process.</summary>
public sealed class GenerationWorkerTests
{
    [Fact]
    public async Task Every_prompt_and_seed_becomes_a_video_in_the_media_store_with_its_facts()
    {
        await using var bench = new TrainerBench();
        var job = await bench.GenerateAsync(prompts: 3, perPrompt: 2);

        await RunAsync(bench);

        var row = (await bench.Ledger.GenerationAsync(job.Id))!;
        var items = await bench.Ledger.GenerationItemsAsync(new GenerationItemQuery(job.Id));
        Assert.Equal((GenerationState.Completed, 6L, 0L), (row.State, row.Done, row.Failed));
        Assert.Equal(6, items.Select(item => item.Media!.Sha256).Distinct().Count());
        foreach (var item in items)
        {
            var bytes = await File.ReadAllBytesAsync(await bench.Media.OpenLocalAsync(item.Media!, CancellationToken.None));
            Assert.Equal(item.Media!.Sha256, Convert.ToHexStringLower(SHA256.HashData(bytes)));
            var facts = JsonDocument.Parse(item.Facts!).RootElement;
            Assert.Equal(($"prompt {item.Prompt}", item.Seed, "stand-in 1", "f0"), (
                facts.GetProperty("prompt").GetString()!, facts.GetProperty("seed").GetInt64(), facts.GetProperty("codeVersion").GetString()!, facts.GetProperty("modelFingerprint").GetString()!));
        }

        Assert.Single(bench.Log("serve.log"), line => line.StartsWith("load ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_sampler_waits_less_than_fifty_milliseconds_between_two_videos()
    {
        await using var bench = new TrainerBench(new { serve = new { seconds = 0.03 } });
        await bench.GenerateAsync(prompts: 40);

        await RunAsync(bench);

        var times = bench.Log("serve.log").Where(line => line.StartsWith("item ", StringComparison.Ordinal)).Select(line => line.Split(' ')[^2..])
            .Select(parts => (Begun: Number(parts[0]), Ended: Number(parts[1]))).ToList();
        var gaps = times.Zip(times.Skip(1), (one, next) => next.Begun - one.Ended).Order().ToList();
        Assert.Equal(39, gaps.Count);
        Assert.InRange(gaps[gaps.Count / 2], 0, 0.05);
    }

    [Fact]
    public async Task A_sampler_that_is_killed_costs_its_item_one_attempt_and_the_next_in_line_none()
    {
        await using var bench = new TrainerBench(new { serve = new { die = new[] { "prompt 1" } } });
        var job = await bench.GenerateAsync(prompts: 4);

        await RunAsync(bench);

        var items = await bench.Ledger.GenerationItemsAsync(new GenerationItemQuery(job.Id));
        Assert.All(items, item => Assert.Equal(GenerationItemState.Done, item.State));
        Assert.Equal([0, 1, 0, 0], items.Select(item => item.Attempts));
        Assert.Equal(2, bench.Log("serve.log").Count(line => line.StartsWith("load ", StringComparison.Ordinal)));
        Assert.Equal(4, bench.Log("serve.log").Where(line => line.StartsWith("item ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]).Distinct().Count());
    }

    [Fact]
    public async Task An_item_that_kills_its_sampler_every_time_fails_with_the_signal_and_the_others_are_done()
    {
        await using var bench = new TrainerBench(new { serve = new { die_always = new[] { "prompt 1" } } });
        var job = await bench.GenerateAsync(prompts: 3);

        await RunAsync(bench);

        var items = await bench.Ledger.GenerationItemsAsync(new GenerationItemQuery(job.Id));
        Assert.Equal([GenerationItemState.Done, GenerationItemState.Failed, GenerationItemState.Done], items.Select(item => item.State));
        Assert.Equal("the sampler was ended by signal 9: about to die", items[1].Reason);
        Assert.Equal(RetryPolicy.Default.MaxAttempts, items[1].Attempts);
    }

    [Fact]
    public async Task A_sampler_that_hangs_is_killed_and_the_item_tried_again()
    {
        await using var bench = new TrainerBench(new { serve = new { hang = new[] { "prompt 0" } } });
        var job = await bench.GenerateAsync(prompts: 2);

        await RunAsync(bench, TimeSpan.FromSeconds(10));

        var items = await bench.Ledger.GenerationItemsAsync(new GenerationItemQuery(job.Id));
        Assert.All(items, item => Assert.Equal(GenerationItemState.Done, item.State));
        Assert.Equal([1, 0], items.Select(item => item.Attempts));
    }

    [Fact]
    public async Task What_the_sampler_refuses_fails_at_once_with_its_words()
    {
        await using var bench = new TrainerBench(new { serve = new { fail = new[] { "prompt 0" } } });
        var job = await bench.GenerateAsync(prompts: 2);

        await RunAsync(bench);

        var failed = Assert.Single(await bench.Ledger.GenerationItemsAsync(new GenerationItemQuery(job.Id, GenerationItemState.Failed)));
        Assert.Equal(("data: the prompt was to fail", 1), (failed.Reason!, failed.Attempts));
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_fails_its_items_with_the_reason()
    {
        await using var bench = new TrainerBench(new { serve = new { error = "geometry" } });
        var job = await bench.GenerateAsync(prompts: 2);

        await RunAsync(bench);

        Assert.All(await bench.Ledger.GenerationItemsAsync(new GenerationItemQuery(job.Id)), item => Assert.Equal("geometry: the model cannot be loaded", item.Reason));
    }

    [Fact]
    public async Task Two_models_are_loaded_one_after_the_other()
    {
        await using var bench = new TrainerBench();
        await bench.GenerateAsync(prompts: 2, models: 2);

        await RunAsync(bench);

        Assert.Equal(
            ["model", "model1"],
            bench.Log("serve.log").Where(line => line.StartsWith("load ", StringComparison.Ordinal)).Select(line => Path.GetFileName(line.Split(' ')[1])));
    }

    [Fact]
    public async Task A_worker_that_is_stopped_gives_back_what_it_holds_and_the_next_one_goes_on()
    {
        await using var bench = new TrainerBench(new { serve = new { seconds = 0.3 } });
        var job = await bench.GenerateAsync(prompts: 4);
        using var stop = new CancellationTokenSource();
        await using (var worker = bench.GenerationWorker())
        {
            var work = worker.RunAsync(null, untilIdle: true, stop.Token);
            await UntilAsync(async () => (await bench.Ledger.GenerationAsync(job.Id))!.Done >= 1);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work.WaitAsync(TrainerBench.Patience));
        }

        Assert.Empty(await bench.Ledger.GenerationOwnersAsync());
        await RunAsync(bench);

        var items = await bench.Ledger.GenerationItemsAsync(new GenerationItemQuery(job.Id));
        Assert.All(items, item => Assert.Equal((GenerationItemState.Done, 0, 0), (item.State, item.Attempts, item.Strikes)));
    }

    internal static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TrainerBench.Patience, "It did not come about.");
            await Task.Delay(20);
        }
    }

    private static async Task RunAsync(TrainerBench bench, TimeSpan? itemLimit = null)
    {
        await using var worker = bench.GenerationWorker(itemLimit);
        await worker.RunAsync(null, untilIdle: true, CancellationToken.None).WaitAsync(TrainerBench.Patience);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
