using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MedGenCluster.Silo.Tests.Support;
using MedGenCluster.Silo.Web;

namespace MedGenCluster.Silo.Tests.Web;

public sealed class GuardTests
{
    private const string Thing = """{"name":"a","count":1}""";

    [Theory]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.OK)]
    [InlineData("Origin", "own", HttpStatusCode.OK)]
    [InlineData("Accept", "*/*", HttpStatusCode.OK)]
    public async Task What_changes_something_is_taken_from_own_pages_and_programs_alone(string header, string value, HttpStatusCode expected)
    {
        await using var host = await TestHost.StartAsync();
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Delete })
        {
            using var request = new HttpRequestMessage(method, "/api/things");
            request.Content = method == HttpMethod.Post ? Json(Thing) : null;
            request.Headers.Add(header, value == "own" ? host.Address.TrimEnd('/') : value);
            Assert.Equal(expected, (await host.Client.SendAsync(request)).StatusCode);
        }
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("192.0.2.7", HttpStatusCode.BadRequest)]
    [InlineData("localhost:1234", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("curation.lab", HttpStatusCode.OK)]
    public async Task The_host_answers_to_its_own_names_alone(string name, HttpStatusCode expected)
    {
        await using var host = await TestHost.StartAsync(new WebOptions { HostNames = ["curation.lab"] });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/things");
        request.Headers.Host = name;

        Assert.Equal(expected, (await host.Client.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task A_body_that_is_not_called_json_is_refused(string type)
    {
        await using var host = await TestHost.StartAsync();
        using var content = new StringContent(Thing);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        await AssertProblemAsync(await host.Client.PostAsync("/api/things", content), HttpStatusCode.UnsupportedMediaType, "application/json");
    }

    [Theory]
    [InlineData("""{"name":"a","count":"many"}""", "count")]
    [InlineData("""{"name":"a","count":1,"extra":2}""", "extra")]
    [InlineData("""{"name":"a"}""", "count")]
    [InlineData("""{"name":null,"count":1}""", "name")]
    public async Task Malformed_json_is_answered_with_the_field_that_is_wrong(string body, string field)
    {
        await using var host = await TestHost.StartAsync();

        await AssertProblemAsync(await host.Client.PostAsync("/api/things", Json(body)), HttpStatusCode.BadRequest, field);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_huge_body_is_refused_with_413(bool chunked)
    {
        await using var host = await TestHost.StartAsync(new WebOptions { MaxBodyBytes = 10_000 });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/things") { Content = Json($$"""{"name":"{{new string('a', 20_000)}}","count":1}""") };
        request.Headers.TransferEncodingChunked = chunked;

        await AssertProblemAsync(await host.Client.SendAsync(request), HttpStatusCode.RequestEntityTooLarge, "longer");
    }

    [Theory]
    [InlineData("GET", "/api/nothing", HttpStatusCode.NotFound)]
    [InlineData("POST", "/api/nothing", HttpStatusCode.NotFound)]
    [InlineData("POST", "/jobs", HttpStatusCode.NotFound)]
    [InlineData("PATCH", "/api/things", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/nothing.png", HttpStatusCode.NotFound)]
    [InlineData("POST", "/healthz", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/api/boom", HttpStatusCode.InternalServerError)]
    public async Task Every_error_is_problem_details(string method, string path, HttpStatusCode status)
    {
        await using var host = await TestHost.StartAsync();

        await AssertProblemAsync(await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path)), status, "");
    }

    [Fact]
    public async Task A_surprise_is_logged_and_not_told()
    {
        await using var host = await TestHost.StartAsync();
        var body = await (await host.Client.GetAsync("/api/boom")).Content.ReadAsStringAsync();

        Assert.DoesNotContain("Broken at", body);
        Assert.DoesNotContain("   at ", body);
        Assert.Contains("Broken at", host.Log.Text);
    }

    [Theory]
    [InlineData("/", null)]
    [InlineData("/assets/app-1a2b3c.js", null)]
    [InlineData("/api/things", null)]
    [InlineData("/api/nothing", null)]
    [InlineData("/api/boom", null)]
    [InlineData("/healthz", null)]
    [InlineData("/metrics", null)]
    [InlineData("/openapi/v1.json", null)]
    [InlineData("/api/things", "evil.example")]
    public async Task Every_kind_of_answer_carries_the_security_headers(string path, string? name)
    {
        await using var host = await TestHost.StartAsync(dashboard: true);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = name;
        var headers = (await host.Client.SendAsync(request)).Headers;

        Assert.Contains("default-src 'none'", Assert.Single(headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(headers.GetValues("Referrer-Policy")));
        Assert.Equal("same-origin", Assert.Single(headers.GetValues("Cross-Origin-Opener-Policy")));
        Assert.Equal("same-origin", Assert.Single(headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.True(headers.Contains("Permissions-Policy"));
        Assert.False(headers.Contains("Server"));
    }

    [Theory]
    [InlineData("/orleans/index.css", true)]
    [InlineData("/orleans", true)]
    [InlineData("/orleansx", false)]
    [InlineData("/api/orleans", false)]
    [InlineData("/", false)]
    public async Task The_engines_own_pages_alone_may_set_styles_in_their_markup_and_nothing_more(string path, bool loosened)
    {
        await using var host = await TestHost.StartAsync(dashboard: true);

        var policy = Assert.Single((await host.Client.GetAsync(path)).Headers.GetValues("Content-Security-Policy"));

        Assert.Equal(loosened, policy.Contains("style-src 'self' 'unsafe-inline'", StringComparison.Ordinal));
        Assert.Equal(loosened, policy.Contains("font-src 'self' data:", StringComparison.Ordinal));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
    }

    internal static async Task AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string word)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal((int)status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.RootElement.GetProperty("title").GetString()!);
        Assert.Contains(word, problem.RootElement.GetProperty("detail").GetString());
        Assert.True(answer.Headers.Contains("Content-Security-Policy"));
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
