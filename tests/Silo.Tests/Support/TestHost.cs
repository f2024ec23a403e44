using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using MedGenCluster.Silo.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Silo.Tests.Support;

internal sealed record Echo(string Name, int Count);

/// <summary>A web host on a free port with a few endpoints of the tests' own, in a folder that goes with it.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    public const string Secret = "correct-horse-battery-staple";

    private readonly DirectoryInfo _folder;
    private WebHost _web = null!;

    private TestHost(DirectoryInfo folder) => _folder = folder;

    public string Address => _web.Address;

    public Lines Log { get; } = new();

    public string Keys => Path.Combine(_folder.FullName, "keys");

    public string? NotReady { get; set; }

    public HttpClient Client { get; private set; } = null!;

    public static async Task<TestHost> StartAsync(WebOptions? options = null, bool token = false, bool dashboard = false, Action<IEndpointRouteBuilder>? map = null)
    {
        var folder = Directory.CreateTempSubdirectory("medgen-web-");
        var host = new TestHost(folder);
        options = (options ?? new WebOptions()) with { DashboardFolder = Path.Combine(folder.FullName, "dashboard") };
        options = options.Listen == WebOptions.DefaultListen ? options with { Listen = "http://127.0.0.1:0" } : options;
        if (token)
        {
            var file = Path.Combine(folder.FullName, "token");
            await File.WriteAllTextAsync(file, Secret + "\n");
            options = options with { TokenFile = file };
        }

        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "secret.txt"), "outside");
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "film.bin"), [.. Enumerable.Range(0, 1000).Select(i => (byte)i)]);
        if (dashboard)
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "dashboard", "assets"));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "dashboard", "index.html"), "<!doctype html><title>the dashboard</title>");
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "dashboard", "assets", "app-1a2b3c.js"), new string('/', 5000));
        }

        host._web = await WebHost.StartAsync(options, host.Keys, () => host.NotReady, routes =>
        {
            host.Map(routes);
            map?.Invoke(routes);
        }, host.Log);
        host.Client = host.NewClient();
        return host;
    }

    /// <summary>A client that follows no redirects and keeps no cookies.</summary>
    public HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = new Uri(Address), Timeout = TimeSpan.FromMinutes(1) };

    /// <summary>Sends bytes as they are and reads until the host ends the connection.</summary>
    public async Task<string> RawAsync(string request)
    {
        using var socket = await ConnectAsync();
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        return await ReadToEndAsync(socket);
    }

    public async Task<TcpClient> ConnectAsync()
    {
        var socket = new TcpClient { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync("127.0.0.1", new Uri(Address).Port);
        return socket;
    }

    public static async Task<string> ReadToEndAsync(TcpClient socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var answer = new MemoryStream();
        try
        {
            await socket.GetStream().CopyToAsync(answer, limit.Token);
        }
        catch (IOException)
        {
            // The host cut the connection; what came before counts.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _web.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/things", () => new Echo(new string('x', 4000), 1));
        routes.MapPost("/api/things", (Echo echo) => echo);
        routes.MapDelete("/api/things", () => TypedResults.Ok());
        routes.MapGet("/api/boom", IResult () => throw new InvalidOperationException($"Broken at {_folder.FullName}"));
        routes.MapGet("/api/film", () => TypedResults.PhysicalFile(Path.Combine(_folder.FullName, "film.bin"), "video/mp4", enableRangeProcessing: true));
    }

    /// <summary>What was logged, by line.</summary>
    internal sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public string Text => string.Join('\n', _lines);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
