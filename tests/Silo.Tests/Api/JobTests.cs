using System.Net;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Tests.Support;

namespace MedGenCluster.Silo.Tests.Api;

public sealed class JobTests(ReadingHost host) : IClassFixture<ReadingHost>
{
    [Fact]
    public async Task Jobs_come_newest_first_with_their_counts_and_options()
    {
        await using var api = await ApiHost.StartAsync();
        var jobs = await api.GetAsync<IReadOnlyList<JobView>>("/api/jobs");
        var job = await api.GetAsync<JobView>($"/api/jobs/{api.Corpus.Job}");

        Assert.Equal([api.Corpus.Empty, api.Corpus.Job], jobs.Select(view => view.Id));
        Assert.Equal(("anatomy <i>1</i>", "folder", "running", false), (job.Name, job.SourceKind, job.State, job.Listing));
        Assert.Equal((4, 2, 13, 11, 4, 5, 3, 3), (job.Videos, job.VideosEnded, job.Clips, job.ClipsEnded, job.Accepted, job.Rejected, job.Failed, job.Skipped));
        Assert.Equal("20", job.Options["subtitles.maxWords"]);
        Assert.True(jobs[0].Listing);
    }

    [Fact]
    public async Task What_a_listing_could_not_use_is_told_up_to_the_limit()
    {
        await using var api = await ApiHost.StartAsync();
        var rows = await api.GetAsync<IReadOnlyList<SkippedRow>>($"/api/jobs/{api.Corpus.Job}/skipped");

        Assert.Equal([new SkippedRow("list.csv:1", "row 1 has no address"), new("list.csv:2", "row 2 has no address"), new("list.csv:3", "row 3 has no address")], rows);
        Assert.Equal(rows.Take(2), await api.GetAsync<IReadOnlyList<SkippedRow>>($"/api/jobs/{api.Corpus.Job}/skipped?limit=2"));
        Assert.Contains("limit", await api.ProblemAsync(HttpStatusCode.BadRequest, $"/api/jobs/{api.Corpus.Job}/skipped?limit=0"));
    }

    [Fact]
    public async Task A_job_is_paused_resumed_and_cancelled_and_each_but_once()
    {
        await using var api = await ApiHost.StartAsync();

        await ConflictAsync("resume", "running");
        Assert.Equal("paused", (await ChangeAsync("pause")).State);
        await ConflictAsync("pause", "paused");
        Assert.Equal("running", (await ChangeAsync("resume")).State);
        Assert.Equal("cancelled", (await ChangeAsync("cancel")).State);
        await ConflictAsync("cancel", "cancelled");
        await ConflictAsync("pause", "cancelled");
        Assert.Equal("running", (await ChangeAsync("resume")).State);

        Task<JobView> ChangeAsync(string what) => api.SendAsync<JobView>(HttpMethod.Post, $"/api/jobs/{api.Corpus.Job}/{what}", null);

        async Task ConflictAsync(string what, string state) =>
            Assert.Contains($"is {state}", await api.ProblemAsync(HttpStatusCode.Conflict, HttpMethod.Post, $"/api/jobs/{api.Corpus.Job}/{what}"));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/skipped")]
    [InlineData("POST", "/pause")]
    [InlineData("POST", "/resume")]
    [InlineData("POST", "/cancel")]
    [InlineData("POST", "/retry")]
    public async Task An_unknown_job_is_404_and_a_job_is_a_number(string method, string what)
    {
        var api = host.Api;

        Assert.Contains("/api/jobs", await api.ProblemAsync(HttpStatusCode.NotFound, new HttpMethod(method), "/api/jobs/999" + what));
        await api.ProblemAsync(HttpStatusCode.NotFound, new HttpMethod(method), "/api/jobs/first" + what);
        await api.ProblemAsync(HttpStatusCode.NotFound, new HttpMethod(method), "/api/jobs/99999999999999999999" + what);
    }

    [Fact]
    public async Task A_folder_is_checked_then_submitted_then_continued()
    {
        await using var api = await ApiHost.StartAsync();
        var folder = Directory.CreateDirectory(Path.Combine(api.Folder, "more films")).FullName;
        var request = new SubmitRequest(folder, Options: new Dictionary<string, string> { ["aesthetics.minScore"] = "4.5", ["order"] = "FilterFirst" });
        var check = await api.SendAsync<Submission>(HttpMethod.Post, "/api/jobs", request with { CheckOnly = true });
        var none = await api.GetAsync<IReadOnlyList<JobView>>("/api/jobs");
        using var created = await api.SendAsync(HttpMethod.Post, "/api/jobs", request);
        var again = await api.SendAsync<Submission>(HttpMethod.Post, "/api/jobs", request, HttpStatusCode.Created);
        var jobs = await api.GetAsync<IReadOnlyList<JobView>>("/api/jobs");

        Assert.Equal(("folder", folder, "more films", false, 0), (check.Kind, check.Source, check.Name, check.Continues, check.Jobs.Count));
        Assert.Equal(2, none.Count);
        Assert.Equal((HttpStatusCode.Created, $"/api/jobs/{jobs[0].Id}"), (created.StatusCode, created.Headers.Location?.OriginalString));
        Assert.True(again.Continues);
        Assert.Equal(3, jobs.Count);
        Assert.Equal(("4.5", "FilterFirst"), (jobs[0].Options["aesthetics.minScore"], jobs[0].Options["order"]));
        Assert.True(File.Exists(api.Host.Data.WakePath));
    }

    [Fact]
    public async Task A_name_of_a_job_may_hold_markup_and_is_given_back_as_it_is()
    {
        await using var api = await ApiHost.StartAsync();
        var submission = await api.SendAsync<Submission>(HttpMethod.Post, "/api/jobs", new SubmitRequest(api.Folder, Name: " <script>alert(1)</script> "), HttpStatusCode.Created);

        Assert.Equal("<script>alert(1)</script>", submission.Jobs[0].Name);
    }

    [Theory]
    [InlineData("{}", "either a source or a screening")]
    [InlineData("""{"source":"  "}""", "either a source or a screening")]
    [InlineData("""{"source":"/tmp","screening":"/tmp"}""", "either a source or a screening")]
    [InlineData("""{"source":"/no/such/place"}""", "/no/such/place")]
    [InlineData("""{"source":"https://www.youtube.com/about"}""", "https://www.youtube.com/about")]
    [InlineData("""{"source":"bad\u0000path"}""", "source")]
    [InlineData("""{"screening":"/no/such/place"}""", "/no/such/place")]
    [InlineData("""{"screening":"bad\u0000path"}""", "screening")]
    [InlineData("""{"source":"/tmp","options":{"aesthetics.least":"4"}}""", "aesthetics.minScore")]
    [InlineData("""{"source":"/tmp","options":{"aesthetics.minScore":"four"}}""", "aesthetics.minScore takes a number, not 'four'")]
    [InlineData("""{"source":"/tmp","options":{"subtitles.maxWords":"1.5"}}""", "subtitles.maxWords")]
    [InlineData("""{"source":"/tmp","options":{"aesthetics.minScore":4}}""", "options")]
    [InlineData("""{"source":"/tmp","options":{"aesthetics.minScore":null}}""", "aesthetics.minScore")]
    [InlineData("""{"source":"/tmp","options":{"order":"backwards"}}""", "order")]
    [InlineData("""{"source":"/tmp","options":{"":"1"}}""", "NAME=VALUE")]
    [InlineData("""{"source":"/tmp","minShare":"half"}""", "minShare")]
    [InlineData("""{"source":"/tmp","colour":"red"}""", "colour")]
    [InlineData("[]", "JSON")]
    [InlineData("null", "body")]
    public async Task A_submission_that_cannot_be_is_refused_by_what_is_wrong_and_leaves_nothing(string body, string names)
    {
        var api = host.Api;

        Assert.Contains(names, await api.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/jobs", body));
        Assert.Equal(2, (await api.GetAsync<IReadOnlyList<JobView>>("/api/jobs")).Count);
    }
}
