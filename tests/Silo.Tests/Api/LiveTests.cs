using System.Net;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Tests.Support;

namespace MedGenCluster.Silo.Tests.Api;

[Collection(ReadingCollection.Name)]
public sealed class LiveTests(ReadingHost host)
{
    private ApiHost Api => host.Api;

    [Fact]
    public async Task The_overview_counts_everything_and_names_what_needs_a_person()
    {
        var overview = await Api.GetAsync<Overview>("/api/overview");

        Assert.Equal(new Totals(2, 4, 2, 13, 11, 4, 5, 3), overview.Totals);
        Assert.Equal([Api.Corpus.Empty, Api.Corpus.Job], overview.Running.Select(job => job.Id));
        Assert.Null(overview.Blocked);
        Assert.Contains(overview.Attention, a => (a.Kind, a.Count, a.Stage) == ("failed-items", 1, "fetch"));
        Assert.Contains(overview.Attention, a => (a.Kind, a.Count, a.Job) == ("skipped", 3, Api.Corpus.Job));
        Assert.Equal(1, overview.Stages.Single(stage => stage.Stage == "screen").Queue);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?span=hour")]
    [InlineData("?span=all")]
    [InlineData("?span=all&job=JOB")]
    public async Task Throughput_is_buckets_without_gaps_that_hold_all_that_was_finished(string query)
    {
        var throughput = await Api.GetAsync<Throughput>("/api/throughput" + query.Replace("JOB", $"{Api.Corpus.Job}", StringComparison.Ordinal));
        var cut = throughput.Stages.Single(stage => stage.Stage == "cut");

        Assert.InRange(throughput.Starts.Count, 1, 240);
        Assert.Equal(60, throughput.BucketSeconds);
        Assert.Equal(Enumerable.Range(0, throughput.Starts.Count).Select(i => throughput.Starts[0] + (60L * i)), throughput.Starts);
        Assert.Equal((11, 0, 1), (cut.Passed, cut.Rejected, cut.Failed));
        Assert.All(throughput.Stages, stage => Assert.Equal((throughput.Starts.Count, throughput.Starts.Count), (stage.PerMinute.Count, stage.Busy.Count)));
        Assert.True(cut.PerMinute.Sum() > 0);
    }

    [Fact]
    public async Task The_hour_is_60_minutes_and_another_span_is_refused()
    {
        Assert.Equal(60, (await Api.GetAsync<Throughput>("/api/throughput")).Starts.Count);
        Assert.Empty((await Api.GetAsync<Throughput>($"/api/throughput?job={Api.Corpus.Empty}")).Stages);
        Assert.Contains("hour or all", await Api.ProblemAsync(HttpStatusCode.BadRequest, "/api/throughput?span=day"));
    }

    [Fact]
    public async Task Live_throughput_without_an_engine_is_its_seconds_and_no_stage()
    {
        Assert.Equal((120, 0), ((await Api.GetAsync<LiveThroughput>("/api/throughput/live")).Seconds, (await Api.GetAsync<LiveThroughput>("/api/throughput/live")).Stages.Count));
        Assert.Equal(5, (await Api.GetAsync<LiveThroughput>("/api/throughput/live?seconds=5")).Seconds);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("600")]
    [InlineData("-3")]
    public async Task Live_throughput_of_more_than_is_kept_is_refused(string seconds) =>
        Assert.Contains("1 to 599", await Api.ProblemAsync(HttpStatusCode.BadRequest, $"/api/throughput/live?seconds={seconds}"));

    [Fact]
    public async Task Scaling_without_an_engine_names_no_gpu_work() =>
        Assert.Equal((0, 0, 0.0), ((await Api.GetAsync<Scaling>("/api/scaling")).Items, (await Api.GetAsync<Scaling>("/api/scaling")).Stages.Count, (await Api.GetAsync<Scaling>("/api/scaling")).Seconds));

    [Fact]
    public async Task The_system_describes_host_models_and_storage()
    {
        var system = await Api.GetAsync<SystemView>("/api/system");
        var models = await Api.GetAsync<ModelsView>("/api/models");
        var checks = await Api.SendAsync<IReadOnlyList<ModelCheck>>(HttpMethod.Post, "/api/models/verify", null);

        Assert.Equal(("watching", "all"), (system.Silos.Single().State, system.Silos.Single().Role));
        Assert.Equal(["cpu", "gpu", "network", "api"], system.Workers.Select(worker => worker.Resource));
        Assert.Equal((Api.Host.Data.Root, 2), (system.Storage.Data, (int)system.Storage.MediaFiles));
        Assert.True(system.Storage is { LedgerBytes: > 0, MediaBytes: > 0, FreeBytes: > 0 });
        Assert.False(system.TokenRequired);
        Assert.True(models.Demo);
        Assert.Equal(models.Roles.Select(role => role.Role).Order(), checks.Select(check => check.Role).Order());
        Assert.All(checks, check => Assert.Equal("ok", check.Status));
    }

    [Fact]
    public async Task There_is_no_operation_before_one_is_started()
    {
        Assert.Empty(await Api.GetAsync<IReadOnlyList<Operation>>("/api/operations"));
        Assert.Contains("o1", await Api.ProblemAsync(HttpStatusCode.NotFound, "/api/operations/o1"));
    }

    [Theory]
    [InlineData("GET", "/api/nothing", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/api/jobs", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "/api/items/x", HttpStatusCode.MethodNotAllowed)]
    public async Task An_address_that_the_api_has_not_is_a_problem_too(string method, string path, HttpStatusCode status) =>
        Assert.NotEmpty(await Api.ProblemAsync(status, new HttpMethod(method), path));

    [Fact]
    public async Task A_redecision_needs_the_engine_of_this_process()
    {
        var request = new RedecisionRequest(new Dictionary<string, string> { ["aesthetics.minScore"] = "4" });

        Assert.Contains("Another process", await Api.ProblemAsync(HttpStatusCode.Conflict, HttpMethod.Post, "/api/redecision", request));
        Assert.Contains("999", await Api.ProblemAsync(HttpStatusCode.NotFound, HttpMethod.Post, "/api/jobs/999/redecision", request));
    }
}
