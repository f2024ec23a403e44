using System.Net;
using System.Net.Http.Headers;
using MedGenCluster.Silo.Tests.Support;

namespace MedGenCluster.Silo.Tests.Web;

public sealed class AccessTests
{
    [Theory]
    [InlineData("/api/things", HttpStatusCode.Unauthorized)]
    [InlineData("/api/nothing", HttpStatusCode.Unauthorized)]
    [InlineData("/metrics", HttpStatusCode.Unauthorized)]
    [InlineData("/orleans/", HttpStatusCode.Unauthorized)]
    [InlineData("/orleans/DashboardCounters", HttpStatusCode.Unauthorized)]
    [InlineData("/openapi/v1.json", HttpStatusCode.Unauthorized)]
    [InlineData("/assets/app-1a2b3c.js", HttpStatusCode.Unauthorized)]
    [InlineData("/api/things?token=" + TestHost.Secret, HttpStatusCode.Unauthorized)]
    [InlineData("/login", HttpStatusCode.OK)]
    [InlineData("/login.css", HttpStatusCode.OK)]
    [InlineData("/healthz", HttpStatusCode.OK)]
    [InlineData("/readyz", HttpStatusCode.OK)]
    public async Task Without_the_token_there_is_the_login_page_and_health_alone(string path, HttpStatusCode expected)
    {
        await using var host = await TestHost.StartAsync(token: true, dashboard: true);

        Assert.Equal(expected, (await host.Client.GetAsync(path)).StatusCode);
    }

    [Theory]
    [InlineData("Bearer " + TestHost.Secret, HttpStatusCode.OK)]
    [InlineData("bearer " + TestHost.Secret, HttpStatusCode.OK)]
    [InlineData("Bearer " + TestHost.Secret + "x", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer ", HttpStatusCode.Unauthorized)]
    [InlineData("Basic " + TestHost.Secret, HttpStatusCode.Unauthorized)]
    public async Task A_program_shows_the_token_in_a_header(string header, HttpStatusCode expected)
    {
        await using var host = await TestHost.StartAsync(token: true);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/things");
        request.Headers.TryAddWithoutValidation("Authorization", header);

        Assert.Equal(expected, (await host.Client.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("/clips", HttpStatusCode.Redirect)]
    [InlineData("/api/things", HttpStatusCode.Unauthorized)]
    public async Task A_browser_is_sent_to_the_login_page_from_pages_but_not_from_the_api(string path, HttpStatusCode expected)
    {
        await using var host = await TestHost.StartAsync(token: true);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));

        Assert.Equal(expected, (await host.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_login_gives_a_cookie_that_opens_the_api_until_the_logout()
    {
        await using var host = await TestHost.StartAsync(token: true);
        var login = await LoginAsync(host, TestHost.Secret);
        var cookie = Assert.Single(login.Headers.GetValues("Set-Cookie"));

        Assert.Equal("/", login.Headers.Location?.OriginalString);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(TestHost.Secret, cookie);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(host, HttpMethod.Get, "/api/things", cookie)).StatusCode);
        var logout = await SendAsync(host, HttpMethod.Post, "/logout", cookie);
        Assert.Contains("medgen=;", Assert.Single(logout.Headers.GetValues("Set-Cookie")));
    }

    [Fact]
    public async Task A_cookie_that_was_changed_opens_nothing()
    {
        await using var host = await TestHost.StartAsync(token: true);
        var cookie = Assert.Single((await LoginAsync(host, TestHost.Secret)).Headers.GetValues("Set-Cookie")).Split(';')[0];

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(host, HttpMethod.Get, "/api/things", cookie[..^8] + "AAAAAAAA")).StatusCode);
    }

    [Fact]
    public async Task A_wrong_token_is_told_on_the_page_and_gives_no_cookie()
    {
        await using var host = await TestHost.StartAsync(token: true);
        var answer = await LoginAsync(host, "something-else-entirely");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Contains("role=\"alert\"", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Guessing_is_held_up()
    {
        await using var host = await TestHost.StartAsync(token: true);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 30; i++)
        {
            statuses.Add((await LoginAsync(host, $"guess-number-{i:000000}")).StatusCode);
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
    }

    [Fact]
    public async Task A_login_from_another_site_is_refused()
    {
        await using var host = await TestHost.StartAsync(token: true);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/login") { Content = Form(TestHost.Secret) };
        request.Headers.Add("Origin", "https://evil.example");

        Assert.Equal(HttpStatusCode.Forbidden, (await host.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_login_form_with_too_many_fields_is_bad_input_and_no_surprise()
    {
        await using var host = await TestHost.StartAsync(token: true);
        using var form = new FormUrlEncodedContent(Enumerable.Range(0, 2000).Select(i => KeyValuePair.Create($"f{i}", "x")));

        Assert.Equal(HttpStatusCode.BadRequest, (await host.Client.PostAsync("/login", form)).StatusCode);
        Assert.DoesNotContain("Error:", host.Log.Text);
    }

    [Fact]
    public async Task The_token_is_in_no_log_and_the_keys_are_the_owners_alone()
    {
        await using var host = await TestHost.StartAsync(token: true);
        await LoginAsync(host, TestHost.Secret);
        await LoginAsync(host, TestHost.Secret + "-mistyped");
        await host.Client.GetAsync("/api/things?token=" + TestHost.Secret);
        await SendAsync(host, HttpMethod.Get, "/api/boom", Assert.Single((await LoginAsync(host, TestHost.Secret)).Headers.GetValues("Set-Cookie")));

        Assert.Contains("/api/boom failed", host.Log.Text);
        Assert.DoesNotContain(TestHost.Secret, host.Log.Text);
        Assert.DoesNotContain("XML encryptor", host.Log.Text);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(host.Keys).UnixFileMode);
    }

    private static FormUrlEncodedContent Form(string token) => new([KeyValuePair.Create("token", token)]);

    private static Task<HttpResponseMessage> LoginAsync(TestHost host, string token) => host.Client.PostAsync("/login", Form(token));

    private static async Task<HttpResponseMessage> SendAsync(TestHost host, HttpMethod method, string path, string cookie)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        return await host.Client.SendAsync(request);
    }
}
