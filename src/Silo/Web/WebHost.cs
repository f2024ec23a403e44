using System.Text.Json;
using System.Text.Json.Serialization;
using MedGenCluster.Silo.Web.Access;
using MedGenCluster.Silo.Web.Files;
using MedGenCluster.Silo.Web.Guards;
using MedGenCluster.Silo.Web.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Silo.Web;

/// <summary>The web server of a host: access, guards, telemetry and the dashboard's files around the endpoints that it is given.</summary>
public sealed class WebHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HostTelemetry _telemetry;

    private WebHost(WebApplication app, HostTelemetry telemetry) => (_app, _telemetry) = (app, telemetry);

    /// <summary>Where it can be reached, for example <c>http://127.0.0.1:5600</c>.</summary>
    public string Address { get; private set; } = "";

    public bool TokenRequired { get; private init; }

    /// <summary>Starts to listen.</summary>
    /// <param name="keys">Folder for the keys that sign cookies.</param>
    /// <param name="readiness">Why the host is not ready, in words, or null.</param>
    /// <param name="map">Maps the endpoints.</param>
    /// <param name="log">Gets warnings and errors.</param>
    /// <exception cref="WebException">An option cannot be used, or the address is taken.</exception>
    public static async Task<WebHost> StartAsync(WebOptions options, string keys, Func<string?> readiness, Action<IEndpointRouteBuilder> map, ILoggerProvider? log = null)
    {
        var (token, errors) = options.Check();
        if (errors.Count > 0)
        {
            throw new WebException(string.Join(Environment.NewLine + "        ", errors));
        }

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // It warns that keys are not encrypted at rest; their folder is the owner's alone.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        builder.WebHost.UseUrls(options.Listen);
        builder.WebHost.ConfigureKestrel(kestrel => Limit(kestrel, options));
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        // The process belongs to whoever starts it: signals are its to handle.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, Problems.ContentType, "image/svg+xml"];
        });
        builder.Services.AddOpenApi();
        builder.Services.AddRouting();
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.Configure<JsonOptions>(json => Configure(json.SerializerOptions));
        if (token is not null)
        {
            builder.Services.AddSessions(new Token(token), keys);
        }

        var telemetry = new HostTelemetry(options.OtlpEndpoint);
        var app = builder.Build();
        Pipe(app, options, token is not null);
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("MedGenCluster.Web");
        if (token is not null)
        {
            LoginPage.Map(app, app.Services.GetRequiredService<Token>(), logger);
        }

        Health.Map(app, readiness);
        telemetry.Map(app);
        app.MapOpenApi();
        map(app);
        app.UseDashboard(options.DashboardFolder);
        try
        {
            await app.StartAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            telemetry.Dispose();
            throw new WebException($"{options.Listen} cannot be listened on: {exception.Message} Choose another with --listen, for example --listen http://127.0.0.1:0 for any free port.", exception);
        }

        return new WebHost(app, telemetry) { Address = app.Urls.First(), TokenRequired = token is not null };
    }

    /// <summary>Stops to listen and waits for requests in flight.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _telemetry.Dispose();
    }

    internal static void Configure(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower));
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.RespectRequiredConstructorParameters = true;
        json.RespectNullableAnnotations = true;
    }

    private static void Limit(KestrelServerOptions kestrel, WebOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
        kestrel.Limits.RequestHeadersTimeout = options.HeadersTimeout;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(options.MinBodyRate, options.BodyGrace);
        kestrel.Limits.MaxRequestLineSize = 16 << 10;
    }

    private static void Pipe(WebApplication app, WebOptions options, bool token)
    {
        var names = new HostNames(options);
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("MedGenCluster.Web");
        app.Use((context, next) => SecurityHeaders.SetAsync(context, _ => next(context)));
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = context => Problems.HandleAsync(context, logger), SuppressDiagnosticsCallback = _ => true });
        app.UseStatusCodePages(context => Problems.WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode, Sentence(context.HttpContext)));
        app.UseResponseCompression();
        app.Use((context, next) => names.CheckAsync(context, _ => next(context)));
        app.Use((context, next) => ForeignRequests.CheckAsync(context, _ => next(context)));
        if (token)
        {
            app.UseSessions();
        }

        app.UseRouting();
    }

    private static string Sentence(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound when context.Request.Path.StartsWithSegments("/api") => "The API has no such address; /openapi/v1.json describes it.",
        StatusCodes.Status404NotFound => "There is nothing at this address.",
        StatusCodes.Status405MethodNotAllowed => $"This address does not take {context.Request.Method}.",
        StatusCodes.Status413PayloadTooLarge => Problems.TooLong,
        StatusCodes.Status415UnsupportedMediaType => "Send the body as application/json.",
        StatusCodes.Status416RangeNotSatisfiable => "The range lies outside of the file.",
        _ => "The request cannot be answered.",
    };

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
