using System.Net;
using System.Text.Json;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Tests.Support;

namespace MedGenCluster.Silo.Tests.Api;

public sealed class AuditTests(ReadingHost host) : IClassFixture<ReadingHost>
{
    [Fact]
    public async Task An_audit_draws_what_passed_a_stage_and_the_same_for_the_same_seed()
    {
        await using var api = await ApiHost.StartAsync();
        using var created = await api.SendAsync(HttpMethod.Post, "/api/audits", new AuditRequest("caption", Size: 5));
        var first = JsonSerializer.Deserialize<AuditDetail>(await created.Content.ReadAsStringAsync(), ApiHost.Json)!;
        var again = await CreateAsync(api, new AuditRequest("caption", Size: 5, Name: "  again "));
        var all = await CreateAsync(api, new AuditRequest("joint", Job: api.Corpus.Job));
        var videos = await CreateAsync(api, new AuditRequest("probe"));

        Assert.Equal((HttpStatusCode.Created, $"/api/audits/{first.Audit.Id}"), (created.StatusCode, created.Headers.Location?.OriginalString));
        Assert.Equal(("caption, seed 1", 5, 9), (first.Audit.Name, first.Audit.Size, (int)first.Audit.Population));
        Assert.Equal([0, 1, 2, 3, 4], first.Samples.Select(sample => sample.Position));
        Assert.Equal(first.Samples.Select(sample => sample.Item.Id), again.Samples.Select(sample => sample.Item.Id));
        Assert.Equal("again", again.Audit.Name);
        Assert.Equal((4, 4), (all.Audit.Size, all.Samples.Count));
        Assert.Equal(api.Corpus.Video, Assert.Single(videos.Samples).Item.Id);
        Assert.Equal([videos.Audit.Id, all.Audit.Id, again.Audit.Id, first.Audit.Id], (await api.GetAsync<IReadOnlyList<AuditView>>("/api/audits")).Select(audit => audit.Id));
        Assert.Equal(first.Samples.Select(sample => sample.Item), (await api.GetAsync<AuditDetail>($"/api/audits/{first.Audit.Id}")).Samples.Select(sample => sample.Item));
    }

    [Theory]
    [InlineData("""{"stage":"paint"}""", "technical-quality")]
    [InlineData("""{"stage":null}""", "stage")]
    [InlineData("{}", "stage")]
    [InlineData("""{"stage":"duplicates"}""", "joint")]
    [InlineData("""{"stage":"joint","size":0}""", "2000")]
    [InlineData("""{"stage":"joint","size":2001}""", "2000")]
    [InlineData("""{"stage":"joint","size":-5}""", "2000")]
    [InlineData("""{"stage":"joint","seed":1.5}""", "seed")]
    [InlineData("""{"stage":"joint","name":"LONG"}""", "120")]
    public async Task An_audit_that_cannot_be_drawn_is_refused_by_what_is_wrong(string body, string names) =>
        Assert.Contains(names, await host.Api.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/audits", body.Replace("LONG", new string('x', 121), StringComparison.Ordinal)));

    [Fact]
    public async Task Nothing_to_audit_and_an_unknown_job_are_told_apart()
    {
        Assert.Contains("joint", await host.Api.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/audits", new AuditRequest("joint", Job: host.Api.Corpus.Empty)));
        Assert.Contains("999", await host.Api.ProblemAsync(HttpStatusCode.NotFound, HttpMethod.Post, "/api/audits", new AuditRequest("joint", Job: 999)));
    }

    [Fact]
    public async Task Marks_are_set_replaced_and_taken_back_and_settle_the_verdict()
    {
        await using var api = await ApiHost.StartAsync();
        var id = (await CreateAsync(api, new AuditRequest("joint"))).Audit.Id;
        for (var position = 0; position < 4; position++)
        {
            await MarkAsync(api, id, new MarkRequest("Ada", position, "clean"));
        }

        var replaced = await MarkAsync(api, id, new MarkRequest(" Ada ", 3, "slightly-noisy"));
        var noisy = await MarkAsync(api, id, new MarkRequest("Bea", 0, "noisy"));
        var back = await MarkAsync(api, id, new MarkRequest("Ada", 3, null));

        Assert.Equal(("Ada", 3, 1, 0, 4, 1.0, "passed"), replaced.Raters.Select(r => (r.Rater, r.Clean, r.SlightlyNoisy, r.Noisy, r.Marked, r.Share ?? -1, r.Verdict)).Single());
        Assert.Equal(["Ada", "Bea"], noisy.Raters.Select(rater => rater.Rater));
        Assert.Equal((1, 0.0), (noisy.Agreement.Single().Common, noisy.Agreement.Single().Observed));
        Assert.Equal((3, "open"), (back.Raters[0].Marked, back.Raters[0].Verdict));
        Assert.Equal("noisy", (await api.GetAsync<AuditDetail>($"/api/audits/{id}")).Samples[0].Marks["Bea"]);
    }

    [Fact]
    public async Task A_mark_that_cannot_stand_is_refused_by_its_field()
    {
        await using var api = await ApiHost.StartAsync();
        var id = (await CreateAsync(api, new AuditRequest("joint"))).Audit.Id;

        Assert.Contains("rater", await RefusedAsync(new MarkRequest(" ", 0, "clean")));
        Assert.Contains("rater", await RefusedAsync(new MarkRequest(new string('r', 65), 0, "clean")));
        Assert.Contains("rater", await RefusedAsync(new MarkRequest("a\nb", 0, "clean")));
        Assert.Contains("between 0 and 3", await RefusedAsync(new MarkRequest("Ada", 4, "clean")));
        Assert.Contains("between 0 and 3", await RefusedAsync(new MarkRequest("Ada", -1, "clean")));
        Assert.Contains("slightly-noisy", await RefusedAsync(new MarkRequest("Ada", 0, "dirty")));
        Assert.Contains("slightly-noisy", await RefusedAsync(new MarkRequest("Ada", 0, "")));
        Assert.Contains("mark", await api.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Put, $"/api/audits/{id}/marks", """{"rater":"Ada","position":0}"""));
        Assert.Contains("/api/audits", await api.ProblemAsync(HttpStatusCode.NotFound, HttpMethod.Put, "/api/audits/999/marks", new MarkRequest("Ada", 0, "clean")));
        Assert.Empty((await api.GetAsync<AuditDetail>($"/api/audits/{id}")).Audit.Raters);

        Task<string> RefusedAsync(MarkRequest request) => api.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Put, $"/api/audits/{id}/marks", request);
    }

    [Fact]
    public async Task The_table_quotes_titles_and_lets_no_text_be_a_formula()
    {
        await using var api = await ApiHost.StartAsync();
        var id = (await CreateAsync(api, new AuditRequest("joint", Size: 2, Seed: -7, Name: "a, b"))).Audit.Id;
        await MarkAsync(api, id, new MarkRequest("@Ada", 0, "slightly-noisy"));
        using var answer = await api.Client.GetAsync($"/api/audits/{id}/export");
        var lines = (await answer.Content.ReadAsStringAsync()).TrimEnd().Split('\n').Select(line => line.TrimEnd('\r')).ToList();

        Assert.Equal(("text/csv", $"audit-{id}.csv"), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.FileName));
        Assert.Equal("audit,name,stage,seed,position,item,title,rater,mark,at", lines[0]);
        Assert.Equal(3, lines.Count);
        Assert.StartsWith($"{id},\"a, b\",joint,-7,0,{api.Corpus.Video}-", lines[1]);
        Assert.Contains(",\"'=SUM(1), \"\"Heart\"\" <b>&</b>\",'@Ada,slightly-noisy,20", lines[1]);
        Assert.EndsWith(",\"'=SUM(1), \"\"Heart\"\" <b>&</b>\",,,", lines[2]);
    }

    [Fact]
    public async Task The_lines_of_json_hold_every_text_as_it_is()
    {
        await using var api = await ApiHost.StartAsync();
        var id = (await CreateAsync(api, new AuditRequest("joint", Size: 2))).Audit.Id;
        await MarkAsync(api, id, new MarkRequest("Ada", 1, "noisy"));
        using var answer = await api.Client.GetAsync($"/api/audits/{id}/export?format=ndjson");
        var rows = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<Dictionary<string, string>>(line)!).ToList();

        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal([("", ""), ("Ada", "noisy")], rows.Select(row => (row["rater"], row["mark"])));
        Assert.All(rows, row => Assert.Equal(Corpus.Title, row["title"]));
        Assert.Contains("csv or ndjson", await api.ProblemAsync(HttpStatusCode.BadRequest, $"/api/audits/{id}/export?format=xls"));
        Assert.Contains("/api/audits", await api.ProblemAsync(HttpStatusCode.NotFound, "/api/audits/999/export"));
        Assert.Contains("/api/audits", await api.ProblemAsync(HttpStatusCode.NotFound, "/api/audits/999"));
    }

    private static Task<AuditDetail> CreateAsync(ApiHost api, AuditRequest request) => api.SendAsync<AuditDetail>(HttpMethod.Post, "/api/audits", request, HttpStatusCode.Created);

    private static Task<AuditView> MarkAsync(ApiHost api, long audit, MarkRequest request) => api.SendAsync<AuditView>(HttpMethod.Put, $"/api/audits/{audit}/marks", request);
}
