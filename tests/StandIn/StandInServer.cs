using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.StandIn;

/// <summary>The network in a test: a web server on loopback that lists channels and serves files, well or badly.</summary>
public sealed class StandInServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, StandInFile> _files = new();
    private readonly ConcurrentDictionary<string, StandInChannel> _channels = new();
    private readonly ConcurrentDictionary<string, StandInItem> _items = new();
    // Never disposed: it has no timer, and requests that are under way still look at it.
    private readonly CancellationTokenSource _stopping = new();
    private readonly WebApplication _app;
    private readonly TimeProvider _time;

    private StandInServer(TimeProvider time)
    {
        _time = time;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            // Its own idea of too slow a reader would mix with the trouble that a test asks for.
            kestrel.Limits.MinResponseDataRate = null;
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary><c>http://127.0.0.1:PORT/</c></summary>
    public Uri Root { get; private set; } = new("http://127.0.0.1/");

    public RequestLog Log { get; } = new();

    public Troubles Troubles { get; } = new();

    /// <summary>A rate that is enforced on everything; null enforces none.</summary>
    public EnforcedRate? Rate { get; set; }

    /// <param name="time">Stamps the log and paces <see cref="Rate"/>.</param>
    public static async Task<StandInServer> StartAsync(TimeProvider? time = null)
    {
        var server = new StandInServer(time ?? TimeProvider.System);
        await server._app.StartAsync().ConfigureAwait(false);
        server.Root = new Uri(server._app.Urls.Single() + "/");
        return server;
    }

    public Uri Url(string path) => new(Root, path);

    /// <summary>Serves a file; replaces what was at the path.</summary>
    public Uri Add(string path, StandInFile file)
    {
        _files[path] = file;
        return Url(path);
    }

    public Uri Add(string path, byte[] content) => Add(path, StandInFile.Tagged(content));

    public void Remove(string path) => _files.TryRemove(path, out _);

    /// <summary>Lists a channel; its videos are added as files of their own.</summary>
    /// <returns>The address of its feed.</returns>
    public Uri Add(StandInChannel channel)
    {
        _channels[channel.Path] = channel;
        foreach (var item in channel.Items)
        {
            _items[item.Path] = item;
        }

        return Url(channel.Path);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        // A client that keeps a connection open is not waited for.
        await _app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var request = http.Request;
        var path = request.Path.Value!;
        var settle = Log.Arrived(new StandInRequest(
            _time.GetUtcNow(), request.Method, path, Header(request.Headers.Range), Header(request.Headers.IfRange), Header(request.Headers.UserAgent), 0));
        var trouble = Rate is { } rate && !rate.Allows() ? Trouble.Throttled(rate.RetryAfter) : Troubles.Next(path);
        switch (trouble)
        {
            case Trouble.Status status:
                await SayAsync(http, settle, status.Code, status.Body, status.RetryAfter).ConfigureAwait(false);
                return;
            case Trouble.Redirect redirect:
                http.Response.Headers.Location = redirect.Location;
                await SayAsync(http, settle, redirect.Code, "").ConfigureAwait(false);
                return;
        }

        if (_channels.TryGetValue(path, out var channel))
        {
            http.Response.Headers["X-Item-Count"] = channel.Count.ToString(CultureInfo.InvariantCulture);
        }

        await (Find(path) is { } file
            ? FileResponder.SendAsync(http, file, trouble, settle, _stopping.Token)
            : MissingAsync(http, settle, path)).ConfigureAwait(false);
    }

    private StandInFile? Find(string path)
    {
        if (_files.TryGetValue(path, out var file))
        {
            return file;
        }

        return _channels.TryGetValue(path, out var channel)
            ? new StandInFile(ChannelFeed.Write(channel, Root, item => _files.TryGetValue(item, out var media) ? media.Content.Length : 0), "application/rss+xml; charset=utf-8")
            : null;
    }

    private Task MissingAsync(HttpContext http, Action<int> settle, string path)
    {
        switch (_items.GetValueOrDefault(path)?.Kind)
        {
            case StandInItemKind.Private:
                return SayAsync(http, settle, 403, "This video is private.");
            case StandInItemKind.Removed:
                return SayAsync(http, settle, 410, "This video has been removed.");
            case StandInItemKind.Live:
                http.Response.ContentType = "application/vnd.apple.mpegurl";
                return SayAsync(http, settle, 200, "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:7\n#EXTINF:4.0,\nlive-7.ts\n");
            default:
                return SayAsync(http, settle, 404, "not found");
        }
    }

    private static async Task SayAsync(HttpContext http, Action<int> settle, int status, string body, TimeSpan? retryAfter = null)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType ??= "text/plain; charset=utf-8";
        if (retryAfter is { } wait)
        {
            http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        settle(status);
        var bytes = Encoding.UTF8.GetBytes(body);
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted).ConfigureAwait(false);
    }

    private static string? Header(Microsoft.Extensions.Primitives.StringValues values) => values.Count == 0 ? null : values.ToString();
}
