using System.Text.Json;
using System.Text.RegularExpressions;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Tests.Support;
using MedGenCluster.Silo.Web;
using MedGenCluster.Silo.Web.Events;
using Microsoft.AspNetCore.Routing;

namespace MedGenCluster.Silo.Tests.Api;

[Collection(ReadingCollection.Name)]
public sealed partial class OpenApiTests(ReadingHost host)
{
    [Fact]
    public async Task The_document_describes_every_route_of_the_api_with_a_summary()
    {
        using var document = await DocumentAsync();
        var described = Operations(document).Select(operation => operation.Name).ToHashSet();
        var mapped = await RoutesAsync();

        Assert.True(mapped.Count > 40);
        Assert.Equal(mapped.Where(route => route != "GET /api/events").Order(StringComparer.Ordinal), described.Where(route => route.Contains(" /api/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.All(Operations(document).Where(operation => operation.Name.Contains(" /api/", StringComparison.Ordinal)), operation =>
            Assert.True(operation.Body.TryGetProperty("summary", out var summary) && summary.GetString()!.EndsWith('.'), operation.Name));
    }

    [Fact]
    public async Task What_is_sent_and_what_comes_back_has_a_schema()
    {
        using var document = await DocumentAsync();
        var operations = Operations(document).ToDictionary(operation => operation.Name, operation => operation.Body);

        Assert.All(operations.Where(operation => operation.Key.StartsWith("PUT ", StringComparison.Ordinal)), put => Assert.True(put.Value.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/json", out _)));
        foreach (var (name, status) in new[] { ("POST /api/jobs", "201"), ("POST /api/audits", "201"), ("POST /api/exports", "202"), ("POST /api/screenings", "202"), ("GET /api/items", "200"), ("GET /api/failures", "200") })
        {
            Assert.True(operations[name].GetProperty("responses").GetProperty(status).GetProperty("content").GetProperty("application/json").TryGetProperty("schema", out _), name);
        }
    }

    /// <summary>Routes as the host maps them, in the form of the document.</summary>
    private async Task<List<string>> RoutesAsync()
    {
        var running = new RunningHost(host.Api.Host, null, TimeProvider.System);
        var pulses = new PulseHub(() => 0, _ => Task.FromResult<byte[]>([]), 1, TimeProvider.System);
        IEndpointRouteBuilder? routes = null;
        await using (await WebHost.StartAsync(new WebOptions { Listen = "http://127.0.0.1:0" }, Path.Combine(host.Api.Folder, "other-keys"), () => null, builder => Silo.Api.Api.Map(routes = builder, running, pulses)))
        {
            var mapped = routes!.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                .Where(route => route.RoutePattern.RawText?.StartsWith("/api", StringComparison.Ordinal) == true)
                .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {Constraint().Replace(route.RoutePattern.RawText!, "}").TrimEnd('/')}")).ToList();
            await pulses.DisposeAsync();
            await running.DisposeAsync();
            return mapped;
        }
    }

    private async Task<JsonDocument> DocumentAsync() => JsonDocument.Parse(await host.Api.Client.GetStringAsync("/openapi/v1.json"));

    private static IEnumerable<(string Name, JsonElement Body)> Operations(JsonDocument document) =>
        document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => ($"{method.Name.ToUpperInvariant()} {path.Name.TrimEnd('/')}", method.Value)));

    [GeneratedRegex(":[a-z]+}")]
    private static partial Regex Constraint();
}
