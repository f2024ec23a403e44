using System.Net;
using System.Text.Json;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Tests.Support;

namespace MedGenCluster.Silo.Tests.Api;

public sealed class ScreeningTests(ReadingHost host) : IClassFixture<ReadingHost>
{
    private const string Rows =
        """
        {"id":"AAAAAAAAAA1","url":"https://www.youtube.com/watch?v=AAAAAAAAAA1","title":"Laparoscopic appendectomy by a surgeon","description":"Surgery in the operating room.","channel":"Clinic","channel_id":"UCaaaaaaaaaaaaaaaaaaaaaa"}
        {"id":"AAAAAAAAAA2","title":"Cooking pasta","description":"Tomatoes.","channel":"Kitchen","channel_id":"UCbbbbbbbbbbbbbbbbbbbbbb"}
        not json

        """;

    [Fact]
    public async Task A_screening_runs_is_listed_and_reports()
    {
        await using var api = await ApiHost.StartAsync();
        var input = Path.Combine(api.Folder, "candidates.jsonl");
        await File.WriteAllTextAsync(input, Rows);
        var ended = await ScreenAsync(api, new ScreeningRequest([input], "spring", UseClassifier: false));
        var listed = Assert.Single(await api.GetAsync<IReadOnlyList<ScreeningView>>("/api/screenings"));

        Assert.Equal(("done", "screening"), (ended.State, ended.Kind));
        Assert.Equal(JsonValueKind.Object, ((JsonElement)ended.Result!).ValueKind);
        Assert.Equal(("spring", true), (listed.Name, listed.Complete));
        Assert.Equal(Path.Combine(api.Host.Data.Root, "screenings", "spring"), listed.Folder);
        Assert.Equal("screening", (await api.SendAsync<Submission>(HttpMethod.Post, "/api/jobs", Submit(listed.Folder))).Kind);
    }

    [Fact]
    public async Task A_screening_whose_channels_cannot_be_reached_is_refused_with_the_reason()
    {
        await using var api = await ApiHost.StartAsync();
        var input = Path.Combine(api.Folder, "candidates.jsonl");
        await File.WriteAllTextAsync(input, Rows.Replace("\"url\":\"https://www.youtube.com/watch?v=AAAAAAAAAA1\",", "", StringComparison.Ordinal));
        await ScreenAsync(api, new ScreeningRequest([input], "spring", UseClassifier: false));
        var folder = (await api.GetAsync<IReadOnlyList<ScreeningView>>("/api/screenings"))[0].Folder;

        Assert.Contains("neither a path nor a url", await api.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/jobs", Submit(folder)));
        Assert.Contains("between 0 and 1", await api.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/jobs", Submit(folder) with { MinShare = 1.5 }));
        Assert.Contains("at least 1", await api.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/jobs", Submit(folder) with { MaxChannels = 0 }));
    }

    [Fact]
    public async Task A_strict_screening_fails_at_the_row_that_cannot_be_read()
    {
        await using var api = await ApiHost.StartAsync();
        var input = Path.Combine(api.Folder, "candidates.jsonl");
        await File.WriteAllTextAsync(input, Rows);
        var ended = await ScreenAsync(api, new ScreeningRequest([input], "strict", UseClassifier: false, Strict: true));

        Assert.Equal("failed", ended.State);
        Assert.Contains("candidates.jsonl:3", ended.Error);
        Assert.False(Assert.Single(await api.GetAsync<IReadOnlyList<ScreeningView>>("/api/screenings")).Complete);
    }

    [Theory]
    [InlineData("""{"inputs":["/no/such/list"],"name":"a"}""", "/no/such/list")]
    [InlineData("""{"inputs":[],"name":"a"}""", "inputs")]
    [InlineData("""{"inputs":[null],"name":"a"}""", "inputs")]
    [InlineData("""{"inputs":[""],"name":"a"}""", "inputs")]
    [InlineData("""{"inputs":"/tmp","name":"a"}""", "inputs")]
    [InlineData("""{"name":"a"}""", "inputs")]
    [InlineData("""{"inputs":["/"]}""", "name")]
    [InlineData("""{"inputs":["/"],"name":"../a"}""", "name")]
    [InlineData("""{"inputs":["/"],"name":""}""", "name")]
    [InlineData("""{"inputs":["/"],"name":"a\u0000"}""", "name")]
    [InlineData("""{"inputs":["/"],"name":"a","minProbability":1.5}""", "robability")]
    [InlineData("""{"inputs":["/"],"name":"a","minProbability":"much"}""", "minProbability")]
    public async Task A_screening_that_cannot_be_is_refused_by_what_is_wrong(string body, string names)
    {
        Assert.Contains(names, await host.Api.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/screenings", body));
        Assert.Empty(await host.Api.GetAsync<IReadOnlyList<ScreeningView>>("/api/screenings"));
        Assert.Empty(await host.Api.GetAsync<IReadOnlyList<Operation>>("/api/operations"));
    }

    private static async Task<Operation> ScreenAsync(ApiHost api, ScreeningRequest request) =>
        await api.EndOfAsync(await api.SendAsync<Operation>(HttpMethod.Post, "/api/screenings", request, HttpStatusCode.Accepted));

    private static SubmitRequest Submit(string folder) => new(Screening: folder, MinShare: 0, CheckOnly: true);
}
