using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Reflection;

namespace MedGenCluster.EndToEnd;

/// <summary>A host with the Orleans engine: its dashboard behind the host's guards, and its end.</summary>
public sealed class OrleansHostTests
{
    private const string Secret = "a-token-of-this-test-alone";

    [OrleansFact]
    public async Task They_need_the_token_as_everything_does_and_hide_the_log()
    {
        var folder = Directory.CreateTempSubdirectory("medgen-orleans-").FullName;
        try
        {
            var token = Path.Combine(folder, "token");
            await File.WriteAllTextAsync(token, Secret);
            var (silo, gateway) = Ports();
            await using var host = await HostProcess.StartAsync("--engine", "orleans", "--data", Path.Combine(folder, "data"), "--token-file", token, "--silo-port", silo, "--gateway-port", gateway);
            using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(host.Address) };
            async Task<HttpResponseMessage> Ask(HttpMethod method, string path, bool authorised)
            {
                using var request = new HttpRequestMessage(method, path);
                request.Headers.Authorization = authorised ? new AuthenticationHeaderValue("Bearer", Secret) : null;
                return await client.SendAsync(request);
            }

            foreach (var path in (string[])["/orleans", "/orleans/", "/orleans/index.min.js", "/orleans/DashboardCounters", "/orleans/Trace"])
            {
                Assert.Equal((path, HttpStatusCode.Unauthorized), (path, (await Ask(HttpMethod.Get, path, false)).StatusCode));
            }

            var page = await Ask(HttpMethod.Get, "/orleans/", true);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Contains("Orleans Dashboard", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await Ask(HttpMethod.Head, "/orleans/", true)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await Ask(HttpMethod.Get, "/orleans/index.min.js", true)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await Ask(HttpMethod.Get, "/orleans/DashboardCounters", true)).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await Ask(HttpMethod.Get, "/orleans/Trace", true)).StatusCode);
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            {
                var moved = await Ask(method, "/orleans", true);
                Assert.Equal((HttpStatusCode.MovedPermanently, "/orleans/"), (moved.StatusCode, moved.Headers.Location?.OriginalString));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [OrleansFact]
    public async Task A_silo_that_is_stopped_while_it_starts_leaves_as_one_that_runs()
    {
        var folder = Directory.CreateTempSubdirectory("medgen-orleans-").FullName;
        try
        {
            var (silo, gateway) = Ports();
            await using var host = await HostProcess.StartAsync("--engine", "orleans", "--data", Path.Combine(folder, "data"), "--silo-port", silo, "--gateway-port", gateway);

            // It listens before its silo has joined.
            Assert.Equal((0, ""), await host.StopAsync());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (string Silo, string Gateway) Ports()
    {
        using var silo = new TcpListener(IPAddress.Loopback, 0);
        using var gateway = new TcpListener(IPAddress.Loopback, 0);
        silo.Start();
        gateway.Start();
        static string Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        return (Port(silo), Port(gateway));
    }

    private sealed class OrleansFactAttribute : FactAttribute
    {
        public OrleansFactAttribute() => Skip = typeof(OrleansFactAttribute).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(pair => pair is { Key: "WithOrleans", Value: "true" })
            ? null
            : "This build has no Orleans: its packages could not be had.";
    }
}
