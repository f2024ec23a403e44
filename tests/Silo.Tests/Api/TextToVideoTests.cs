using System.Net;
using System.Text.Json;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Generation;
using MedGenCluster.Engine.Training;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Tests.Support;

namespace MedGenCluster.Silo.Tests.Api;

/// <summary>Batch generations and training runs over the API. What workers do with them is tested beside the workers.</summary>
public sealed class TextToVideoTests
{
    [Fact]
    public async Task A_generation_is_submitted_once_and_shown_with_its_items_and_videos()
    {
        await using var api = await ApiHost.StartAsync();
        var request = new GenerationRequest("# mine\na heart\na heart\na knee\n", [Model(api)], PerPrompt: 2, Seed: 5, Steps: 3);

        var job = await api.SendAsync<GenerationView>(HttpMethod.Post, "/api/generations", request, HttpStatusCode.Created);
        var again = await api.SendAsync<GenerationView>(HttpMethod.Post, "/api/generations", request, HttpStatusCode.Created);
        var media = await DoneAsync(api, "a film");
        var page = await api.GetAsync<GenerationItemPage>($"/api/generations/{job.Id}/items?limit=3");
        var rest = await api.GetAsync<GenerationItemPage>($"/api/generations/{job.Id}/items?limit=3&after={page.Next}");

        Assert.Equal(job.Id, again.Id);
        Assert.Equal((4L, "running", 2), (job.Items, job.State, job.Notes!.Count));
        Assert.Equal([("a heart", 5L, "done"), ("a heart", 6L, "pending"), ("a knee", 5L, "pending"), ("a knee", 6L, "pending")], page.Items.Concat(rest.Items).Select(item => (item.Text, item.Seed, item.State)));
        Assert.Null(rest.Next);
        Assert.Equal((media, 3), (page.Items[0].Sha256!, page.Items[0].Facts!.Value.GetProperty("sampling").GetProperty("steps").GetInt32()));
        Assert.Equal("a film", await api.Client.GetStringAsync(page.Items[0].Video));
        Assert.Equal(["a knee", "a knee"], (await api.GetAsync<GenerationItemPage>($"/api/generations/{job.Id}/items?prompt=1&prompts=5")).Items.Select(item => item.Text));
        Assert.Equal(2.5, (await api.GetAsync<GenerationView>($"/api/generations/{job.Id}")).SecondsPerItem);
    }

    [Fact]
    public async Task What_is_queued_counts_in_seconds_at_the_measured_rate()
    {
        await using var api = await ApiHost.StartAsync();
        await api.SendAsync<GenerationView>(HttpMethod.Post, "/api/generations", new GenerationRequest("a heart", [Model(api)], PerPrompt: 5), HttpStatusCode.Created);
        var unmeasured = (await api.GetAsync<Scaling>("/api/scaling")).Stages.Single(stage => stage.Stage == "generation");
        await DoneAsync(api, "a film");

        var measured = (await api.GetAsync<Scaling>("/api/scaling")).Stages.Single(stage => stage.Stage == "generation");

        Assert.Equal((5L, null), (unmeasured.Items, unmeasured.Seconds));
        Assert.Equal((4L, (double?)2.5, (double?)10), (measured.Items, measured.SecondsPerItem, measured.Seconds));
    }

    [Fact]
    public async Task A_generation_is_cancelled_once_and_taken_up_again()
    {
        await using var api = await ApiHost.StartAsync();
        var job = await api.SendAsync<GenerationView>(HttpMethod.Post, "/api/generations", new GenerationRequest("a heart", [Model(api)]), HttpStatusCode.Created);

        Assert.Equal("cancelled", (await api.SendAsync<GenerationView>(HttpMethod.Post, $"/api/generations/{job.Id}/cancel", null)).State);
        Assert.Contains("is not running", await api.ProblemAsync(HttpStatusCode.Conflict, HttpMethod.Post, $"/api/generations/{job.Id}/cancel"), StringComparison.Ordinal);
        Assert.Equal("running", (await api.SendAsync<GenerationView>(HttpMethod.Post, $"/api/generations/{job.Id}/retry", null)).State);
    }

    [Fact]
    public async Task A_generation_that_cannot_be_is_refused_with_every_reason()
    {
        await using var api = await ApiHost.StartAsync();
        var nowhere = Path.Combine(api.Folder, "nowhere");

        var both = await api.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/generations", new GenerationRequest("a\n" + new string('b', 4001), [nowhere]));
        var range = await api.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/generations", new GenerationRequest("a", [Model(api)], PerPrompt: 0, Steps: 2000));

        Assert.Contains("the prompts, line 2", both, StringComparison.Ordinal);
        Assert.Contains($"{nowhere} is no model", both, StringComparison.Ordinal);
        Assert.Contains("--per-prompt is 0", range, StringComparison.Ordinal);
        Assert.Contains("--steps is 2000", range, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "/api/generations/99")]
    [InlineData(HttpStatusCode.NotFound, "/api/generations/99/items")]
    [InlineData(HttpStatusCode.NotFound, "/api/generations/items/99/video")]
    [InlineData(HttpStatusCode.BadRequest, "/api/generations/1/items?state=lost")]
    [InlineData(HttpStatusCode.BadRequest, "/api/generations/1/items?state=7")]
    [InlineData(HttpStatusCode.BadRequest, "/api/generations/1/items?limit=0")]
    [InlineData(HttpStatusCode.BadRequest, "/api/generations/1/items?prompt=-1")]
    [InlineData(HttpStatusCode.NotFound, "/api/trainings/99")]
    [InlineData(HttpStatusCode.NotFound, "/api/trainings/99/clips/0/video")]
    public async Task What_is_not_there_is_answered_with_a_sentence(HttpStatusCode status, string path)
    {
        await using var api = await ApiHost.StartAsync();

        Assert.EndsWith(".", await api.ProblemAsync(status, path));
    }

    [Fact]
    public async Task A_model_is_traced_to_its_training_and_the_dataset_of_that()
    {
        await using var api = await ApiHost.StartAsync();
        var run = await api.SendAsync<TrainingView>(
            HttpMethod.Post, "/api/trainings", new TrainingRequest(Dataset(api), new Dictionary<string, string> { ["lora_rank"] = "32", ["seed"] = "3" }, "a heart\n"), HttpStatusCode.Created);
        var model = Model(api, "training/run-1/out/model");
        var trainings = api.Host.TextToVideo.Trainings;
        await trainings.ClaimTrainingAsync(run.Id, "w", TimeSpan.FromMinutes(1));
        await trainings.RecordStepsAsync(run.Id, "w", [new TrainingStep(1, 0.5, null, null, 2, null, null), new TrainingStep(2, 0.25, null, null, 2, null, null)], TimeSpan.FromMinutes(1));
        await trainings.EndTrainingAsync(run.Id, "w", new TrainingEnd.Finished(null, model), RetryPolicy.Default);
        await api.SendAsync<GenerationView>(HttpMethod.Post, "/api/generations", new GenerationRequest("a heart", [model]), HttpStatusCode.Created);

        var detail = await api.GetAsync<TrainingDetail>($"/api/trainings/{run.Id}?after=1");
        var settings = (await api.Host.TextToVideo.Generations.GenerationsAsync())[0].Settings;

        Assert.Equal(run.Id, Assert.Single(settings.Models).Training);
        Assert.Equal(0.25, Assert.Single(detail.Steps).Loss);
        Assert.Equal(("completed", "3", 64), (detail.Run.Phase, detail.Run.Options["seed"], detail.Run.DatasetSha256.Length));
        Assert.Contains("it cannot be cancelled", await api.ProblemAsync(HttpStatusCode.Conflict, HttpMethod.Post, $"/api/trainings/{run.Id}/cancel"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_training_is_traced_to_the_model_that_it_begins_with_and_to_the_training_of_that()
    {
        await using var api = await ApiHost.StartAsync();
        var first = await api.SendAsync<TrainingView>(HttpMethod.Post, "/api/trainings", new TrainingRequest(Dataset(api)), HttpStatusCode.Created);
        var model = Model(api, "training/run-1/out/model");
        await File.WriteAllTextAsync(Path.Combine(model, "transformer.safetensors"), "weights");
        var trainings = api.Host.TextToVideo.Trainings;
        await trainings.ClaimTrainingAsync(first.Id, "w", TimeSpan.FromMinutes(1));
        await trainings.EndTrainingAsync(first.Id, "w", new TrainingEnd.Finished(null, model), RetryPolicy.Default);

        var second = await api.SendAsync<TrainingView>(
            HttpMethod.Post, "/api/trainings", new TrainingRequest(Dataset(api), new Dictionary<string, string> { ["use_lora"] = "true", ["init_from"] = model }), HttpStatusCode.Created);
        var refused = await api.ProblemAsync(
            HttpStatusCode.BadRequest, HttpMethod.Post, "/api/trainings", new TrainingRequest(Dataset(api), new Dictionary<string, string> { ["init_from"] = api.Folder }));

        Assert.Null(first.Base);
        Assert.Equal(new TrainingBaseView(model, ModelFingerprint.Of(model), first.Id), second.Base);
        Assert.Contains("has no transformer.safetensors", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_training_that_cannot_be_is_refused_with_every_reason()
    {
        await using var api = await ApiHost.StartAsync();

        var detail = await api.ProblemAsync(
            HttpStatusCode.BadRequest, HttpMethod.Post, "/api/trainings", new TrainingRequest(api.Folder, new Dictionary<string, string> { ["lora_rank"] = "many", ["colour"] = "red" }, Processes: 0));

        Assert.Contains("--lora_rank is 'many'", detail, StringComparison.Ordinal);
        Assert.Contains("there is no training option colour", detail, StringComparison.Ordinal);
        Assert.Contains("has no videos2caption.json", detail, StringComparison.Ordinal);
        Assert.Contains("--processes is 0", detail, StringComparison.Ordinal);
    }

    private static string Model(ApiHost api, string name = "model")
    {
        var folder = Directory.CreateDirectory(Path.Combine(api.Folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), "{}");
        return folder;
    }

    private static string Dataset(ApiHost api)
    {
        var folder = Directory.CreateDirectory(Path.Combine(api.Folder, "dataset")).FullName;
        File.WriteAllText(Path.Combine(folder, "videos2caption.json"), """[{"path":"0.mp4"}]""");
        return folder;
    }

    /// <summary>Brings the first open item to its end, as a worker does.</summary>
    /// <returns>Digest of its video.</returns>
    private static async Task<string> DoneAsync(ApiHost api, string content)
    {
        var ledger = api.Host.TextToVideo.Generations;
        var item = Assert.Single((await ledger.LeaseGenerationsAsync(null, 1, "w", TimeSpan.FromMinutes(1))).Items);
        var path = api.Host.Media.NewTemporaryPath(".mp4");
        await File.WriteAllTextAsync(path, content);
        var media = await api.Host.Media.AdoptAsync(path, CancellationToken.None);
        var facts = JsonSerializer.Serialize(new { sampling = new { steps = 3 } });
        await ledger.CompleteGenerationAsync(item.Item.Seq, "w", new GenerationOutcome.Done(media, facts, 2.5), RetryPolicy.Default);
        return media.Sha256;
    }
}
