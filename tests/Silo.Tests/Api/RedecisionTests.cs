using System.Net;
using System.Text.Json;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Tests.Support;

namespace MedGenCluster.Silo.Tests.Api;

public sealed class RedecisionTests
{
    private static readonly RedecisionRequest Stricter = new(new Dictionary<string, string> { ["aesthetics.minScore"] = "4.6" });

    [Fact]
    public async Task A_redecision_waits_for_work_in_flight_runs_alone_and_gives_what_the_what_if_said()
    {
        var engine = new GatedEngine();
        await using var api = await ApiHost.StartAsync(engine);
        var foreseen = await api.SendAsync<WhatIfView>(HttpMethod.Post, "/api/what-if", new WhatIfRequest(api.Corpus.Job, new Dictionary<string, double> { ["aesthetics.minScore"] = 4.6 }));
        engine.Run();
        await engine.Busy;
        var address = $"/api/jobs/{api.Corpus.Job}/redecision";
        using var answer = await api.SendAsync(HttpMethod.Post, address, Stricter);
        var operation = JsonSerializer.Deserialize<Operation>(await answer.Content.ReadAsStringAsync(), ApiHost.Json)!;
        var conflict = await api.ProblemAsync(HttpStatusCode.Conflict, HttpMethod.Post, "/api/redecision", Stricter);
        var meanwhile = await api.GetAsync<Operation>($"/api/operations/{operation.Id}");
        engine.Open();
        var ended = await api.EndOfAsync(operation);
        var result = ((JsonElement)ended.Result!).Deserialize<RedecisionResult>(ApiHost.Json)!.Jobs.Single();

        Assert.Equal((HttpStatusCode.Accepted, $"/api/operations/{operation.Id}"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        Assert.Contains("wait", conflict);
        Assert.Equal("running", meanwhile.State);
        Assert.Equal(("done", "redecision", $"Job {api.Corpus.Job}: aesthetics.minScore=4.6"), (ended.State, ended.Kind, ended.Title));
        Assert.Equal((api.Corpus.Job, 4, foreseen.Accepted), (result.Job, result.AcceptedBefore, result.AcceptedAfter));
        Assert.Equal(2, (await api.GetAsync<ItemPage>("/api/items?outcome=accepted")).Total);
        Assert.Equal("4.6", (await api.GetAsync<JobView>($"/api/jobs/{api.Corpus.Job}")).Options["aesthetics.minScore"]);
        Assert.Equal("rejected", (await api.GetAsync<ItemDetail>($"/api/items/{api.Corpus.Duplicate}")).Item.Outcome);
    }

    [Fact]
    public async Task All_jobs_are_decided_anew_one_after_the_other()
    {
        await using var api = await ApiHost.StartAsync(new GatedEngine());
        var ended = await api.EndOfAsync(await api.SendAsync<Operation>(HttpMethod.Post, "/api/redecision", Stricter, HttpStatusCode.Accepted));
        var jobs = ((JsonElement)ended.Result!).Deserialize<RedecisionResult>(ApiHost.Json)!.Jobs;

        Assert.Equal(("done", 1.0), (ended.State, ended.Progress));
        Assert.Equal([api.Corpus.Job, api.Corpus.Empty], jobs.Select(job => job.Job));
        Assert.Equal((0, 0), (jobs[1].Examined, jobs[1].Changed));
        Assert.NotNull(ended.EndedAt);
    }

    [Fact]
    public async Task Options_that_cannot_be_are_refused_before_anything_is_decided()
    {
        await using var api = await ApiHost.StartAsync(new GatedEngine());

        Assert.Contains("There is no option colour", await RefusedAsync("""{"changes":{"colour":"red"}}"""));
        Assert.Contains("takes a number", await RefusedAsync("""{"changes":{"aesthetics.minScore":"low"}}"""));
        Assert.Contains("subtitles.maxWords", await RefusedAsync("""{"changes":{"subtitles.maxWords":"2.5"}}"""));
        Assert.Contains("changes", await RefusedAsync("{}"));
        Assert.Contains("changes", await RefusedAsync("""{"changes":null}"""));
        Assert.Contains("999", await api.ProblemAsync(HttpStatusCode.NotFound, HttpMethod.Post, "/api/jobs/999/redecision", Stricter));
        Assert.Empty(await api.GetAsync<IReadOnlyList<Operation>>("/api/operations"));
        Assert.Equal("3", (await api.GetAsync<JobView>($"/api/jobs/{api.Corpus.Job}")).Options["aesthetics.minScore"]);

        Task<string> RefusedAsync(string body) => api.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Post, $"/api/jobs/{api.Corpus.Job}/redecision", body);
    }

    [Fact]
    public async Task Scaling_counts_what_is_before_stages_that_need_a_gpu()
    {
        await using var api = await ApiHost.StartAsync(new GatedEngine());
        await api.SendAsync<RetryAnswer>(HttpMethod.Post, "/api/failures/retry", new RetryRequest([api.Corpus.FailedClip]));
        var scaling = await api.GetAsync<Scaling>("/api/scaling");
        var quality = scaling.Stages.Single(stage => stage.Stage == "technical-quality");

        Assert.Equal((1, 2.0, 2.0), (quality.Items, Math.Round(quality.SecondsPerItem ?? -1, 3), Math.Round(quality.Seconds ?? -1, 3)));
        Assert.Equal(["aesthetics", "technical-quality"], scaling.Stages.Select(stage => stage.Stage));
        Assert.Equal(scaling.Stages.Sum(stage => stage.Items), scaling.Items);
        Assert.Equal("working", (await api.GetAsync<SystemView>("/api/system")).Silos.Single().State);
    }
}
