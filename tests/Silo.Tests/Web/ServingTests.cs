using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using MedGenCluster.Silo.Tests.Support;
using MedGenCluster.Silo.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WebException = MedGenCluster.Silo.Web.WebException;

namespace MedGenCluster.Silo.Tests.Web;

public sealed class ServingTests
{
    [Theory]
    [InlineData("/../secret.txt")]
    [InlineData("/assets/../../secret.txt")]
    [InlineData("/assets/%2e%2e/%2e%2e/secret.txt")]
    [InlineData("/assets/..%2f..%2fsecret.txt")]
    [InlineData("/assets/..%5c..%5csecret.txt")]
    [InlineData("/assets//../../secret.txt")]
    public async Task No_path_leads_out_of_the_dashboards_folder(string path)
    {
        await using var host = await TestHost.StartAsync(dashboard: true);
        var answer = await host.RawAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 4", answer);
        Assert.DoesNotContain("outside", answer);
    }

    [Theory]
    [InlineData(0, 9, HttpStatusCode.PartialContent, 10)]
    [InlineData(990, 5000, HttpStatusCode.PartialContent, 10)]
    [InlineData(1000, 1001, HttpStatusCode.RequestedRangeNotSatisfiable, null)]
    public async Task A_range_gives_its_bytes_or_416(long from, long to, HttpStatusCode status, int? length)
    {
        await using var host = await TestHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/film");
        request.Headers.Range = new RangeHeaderValue(from, to);
        var answer = await host.Client.SendAsync(request);

        Assert.Equal(status, answer.StatusCode);
        if (length is { } bytes)
        {
            Assert.Equal(Enumerable.Range((int)from, bytes).Select(i => (byte)i), await answer.Content.ReadAsByteArrayAsync());
        }
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Json_and_assets_are_compressed(string encoding)
    {
        await using var host = await TestHost.StartAsync(dashboard: true);
        foreach (var path in new[] { "/api/things", "/assets/app-1a2b3c.js" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));
            Assert.Equal(encoding, Assert.Single((await host.Client.SendAsync(request)).Content.Headers.ContentEncoding));
        }
    }

    [Theory]
    [InlineData("/", "no-cache")]
    [InlineData("/clips/v1-0", "no-cache")]
    [InlineData("/audit/3", "no-cache")]
    [InlineData("/assets/app-1a2b3c.js", "immutable")]
    public async Task Browsers_keep_hashed_files_and_ask_for_the_page_again(string path, string caching)
    {
        await using var host = await TestHost.StartAsync(dashboard: true);
        var answer = await host.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(caching, Assert.Single(answer.Headers.GetValues("Cache-Control")));
    }

    [Fact]
    public async Task Without_a_dashboard_the_page_says_how_to_get_it()
    {
        await using var host = await TestHost.StartAsync();

        Assert.Contains("Node", await host.Client.GetStringAsync("/jobs"));
    }

    [Fact]
    public async Task Metrics_are_those_of_the_projects_meters()
    {
        using var meter = new Meter("MedGenCluster.Tests");
        await using var host = await TestHost.StartAsync();
        meter.CreateCounter<long>("clips.passed").Add(3, KeyValuePair.Create<string, object?>("stage", "borders"));

        var line = Assert.Single((await host.Client.GetStringAsync("/metrics")).Split('\n'), line => line.StartsWith("clips_passed_total{", StringComparison.Ordinal));
        Assert.Contains("stage=\"borders\"", line);
        Assert.Contains("} 3", line);
    }

    [Fact]
    public async Task Traces_and_metrics_go_to_the_endpoint_that_is_named()
    {
        var received = new ConcurrentDictionary<string, int>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var receiver = builder.Build();
        receiver.MapPost("{**path}", async (HttpContext context) =>
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received[context.Request.Path] = (int)body.Length;
        });
        await receiver.StartAsync();
        await using (var host = await TestHost.StartAsync(new WebOptions { OtlpEndpoint = new Uri(receiver.Urls.First()) }))
        {
            await host.Client.GetAsync("/api/things");
        }

        Assert.True(received.GetValueOrDefault("/v1/metrics") > 0);
        Assert.True(received.GetValueOrDefault("/v1/traces") > 0);
    }

    [Fact]
    public async Task Readiness_tells_the_reason()
    {
        await using var host = await TestHost.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/readyz")).StatusCode);
        host.NotReady = "The disk is full.";

        await GuardTests.AssertProblemAsync(await host.Client.GetAsync("/readyz"), HttpStatusCode.ServiceUnavailable, "The disk is full.");
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/healthz")).StatusCode);
    }

    [Theory]
    [InlineData("GET /api/things HTTP/1.1\r\nHost: local")]
    [InlineData("POST /api/things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{")]
    public async Task A_client_that_stalls_is_cut_off(string beginning)
    {
        await using var host = await TestHost.StartAsync(new WebOptions { HeadersTimeout = TimeSpan.FromMilliseconds(200), BodyGrace = TimeSpan.FromSeconds(1.1), MinBodyRate = 100 });
        using var socket = await host.ConnectAsync();
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(beginning));

        Assert.DoesNotContain("HTTP/1.1 200", await TestHost.ReadToEndAsync(socket));
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "needs a token")]
    [InlineData("http://[::]:0", "needs a token")]
    [InlineData("https://127.0.0.1:0", "--listen")]
    [InlineData("nonsense", "--listen")]
    public async Task An_address_that_cannot_be_used_is_refused_with_a_sentence(string listen, string word)
    {
        var refusal = await Assert.ThrowsAsync<WebException>(() => TestHost.StartAsync(new WebOptions { Listen = listen }));
        Assert.Contains(word, refusal.Message);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        var refusal = await Assert.ThrowsAsync<WebException>(() => TestHost.StartAsync(new WebOptions { Listen = "nonsense", TokenFile = "no-such-file", MaxStreams = 0 }));

        Assert.Contains("--listen", refusal.Message);
        Assert.Contains("no-such-file", refusal.Message);
        Assert.Contains("event streams", refusal.Message);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_with_the_way_out()
    {
        await using var first = await TestHost.StartAsync();
        var refusal = await Assert.ThrowsAsync<WebException>(() => TestHost.StartAsync(new WebOptions { Listen = first.Address }));

        Assert.Contains(first.Address, refusal.Message);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_told_with_the_way_out()
    {
        var refusal = await Assert.ThrowsAsync<WebException>(() => TestHost.StartAsync(new WebOptions { Listen = "http://192.0.2.1:0" }, token: true));

        Assert.Contains("192.0.2.1", refusal.Message);
    }
}
