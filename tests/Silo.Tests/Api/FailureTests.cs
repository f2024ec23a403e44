using System.Net;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Tests.Support;

namespace MedGenCluster.Silo.Tests.Api;

public sealed class FailureTests(ReadingHost host) : IClassFixture<ReadingHost>
{
    [Fact]
    public async Task Dead_letters_are_listed_with_their_last_reason()
    {
        await using var api = await ApiHost.StartAsync();
        var failures = await api.GetAsync<IReadOnlyList<ItemSummary>>("/api/failures");

        Assert.Equal(new[] { api.Corpus.FailedVideo, api.Corpus.FailedClip, api.Corpus.Clips[12] }.Order(StringComparer.Ordinal), failures.Select(item => item.Id).Order(StringComparer.Ordinal));
        Assert.All(failures, item => Assert.Equal(Corpus.Failure, item.Reason));
        Assert.Single(await api.GetAsync<IReadOnlyList<ItemSummary>>("/api/failures?limit=1"));
        Assert.Empty(await api.GetAsync<IReadOnlyList<ItemSummary>>($"/api/failures?job={api.Corpus.Empty}"));
        Assert.Contains("limit", await api.ProblemAsync(HttpStatusCode.BadRequest, "/api/failures?limit=0"));
        Assert.Contains("999", await api.ProblemAsync(HttpStatusCode.NotFound, "/api/failures?job=999"));
    }

    [Fact]
    public async Task One_item_is_tried_again_and_the_rest_stays()
    {
        await using var api = await ApiHost.StartAsync();
        var answer = await RetryAsync(api, new RetryRequest([api.Corpus.FailedClip], api.Corpus.Job));
        var clip = await api.GetAsync<ItemDetail>($"/api/items/{api.Corpus.FailedClip}");

        Assert.Equal(1, answer.Retried);
        Assert.Equal(("active", "technical-quality", 0), (clip.Item.Outcome, clip.Item.Stage, clip.Item.Attempts));
        Assert.Equal("retried", clip.Trail[^1].Verdict);
        Assert.Equal(2, (await api.GetAsync<IReadOnlyList<ItemSummary>>("/api/failures")).Count);
    }

    [Fact]
    public async Task An_item_that_is_named_twice_is_tried_again_once()
    {
        await using var api = await ApiHost.StartAsync();
        var answer = await RetryAsync(api, new RetryRequest([api.Corpus.FailedClip, api.Corpus.FailedClip]));

        Assert.Equal(1, answer.Retried);
        Assert.Single((await api.GetAsync<ItemDetail>($"/api/items/{api.Corpus.FailedClip}")).Trail, entry => entry.Verdict == "retried");
        Assert.Equal(13, (await api.GetAsync<FunnelView>("/api/funnel")).Clips);
    }

    [Fact]
    public async Task All_are_tried_again_of_one_job_or_of_every_one()
    {
        await using var api = await ApiHost.StartAsync();

        Assert.Equal(0, (await RetryAsync(api, new RetryRequest(Job: api.Corpus.Empty, All: true))).Retried);
        Assert.Equal(3, (await api.SendAsync<RetryAnswer>(HttpMethod.Post, $"/api/jobs/{api.Corpus.Job}/retry", null)).Retried);
        Assert.Equal(0, (await RetryAsync(api, new RetryRequest(All: true))).Retried);
        Assert.Empty(await api.GetAsync<IReadOnlyList<ItemSummary>>("/api/failures"));
        Assert.Equal(0, (await api.GetAsync<Overview>("/api/overview")).Totals.Failed);
    }

    [Theory]
    [InlineData("{}", "ids")]
    [InlineData("""{"ids":[]}""", "ids")]
    [InlineData("""{"ids":[null]}""", "ids")]
    [InlineData("""{"ids":"all"}""", "ids")]
    [InlineData("""{"ids":["a"],"all":true}""", "ids")]
    [InlineData("""{"everything":true}""", "everything")]
    [InlineData("", "body")]
    public async Task A_retry_that_names_nothing_or_too_much_is_refused(string body, string names)
    {
        var api = host.Api;

        Assert.Contains(names, await api.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/failures/retry", body));
        Assert.Equal(3, (await api.GetAsync<IReadOnlyList<ItemSummary>>("/api/failures")).Count);
    }

    [Fact]
    public async Task Nothing_is_tried_again_where_one_of_the_named_cannot_be()
    {
        await using var api = await ApiHost.StartAsync();

        Assert.Contains("accepted", await ProblemAsync(HttpStatusCode.Conflict, api.Corpus.FailedClip, api.Corpus.Playable));
        Assert.Contains("none", await ProblemAsync(HttpStatusCode.NotFound, api.Corpus.FailedClip, "none"));
        Assert.Contains($"job {api.Corpus.Job}", await api.ProblemAsync(HttpStatusCode.Conflict, HttpMethod.Post, "/api/failures/retry", new RetryRequest([api.Corpus.FailedClip], api.Corpus.Empty)));
        Assert.Contains("999", await api.ProblemAsync(HttpStatusCode.NotFound, HttpMethod.Post, "/api/failures/retry", new RetryRequest(Job: 999, All: true)));
        Assert.Contains("999", await api.ProblemAsync(HttpStatusCode.NotFound, HttpMethod.Post, "/api/jobs/999/retry"));
        Assert.Equal(3, (await api.GetAsync<IReadOnlyList<ItemSummary>>("/api/failures")).Count);

        Task<string> ProblemAsync(HttpStatusCode status, params string[] ids) => api.ProblemAsync(status, HttpMethod.Post, "/api/failures/retry", new RetryRequest(ids));
    }

    private static Task<RetryAnswer> RetryAsync(ApiHost api, RetryRequest request) => api.SendAsync<RetryAnswer>(HttpMethod.Post, "/api/failures/retry", request);
}
