using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Web;

namespace MedGenCluster.Silo.Tests.Support;

/// <summary>A host on a free port over a directory of its own that holds <see cref="Corpus"/>.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private static readonly Lazy<Task<byte[]>> Film = new(MakeFilmAsync);

    private readonly DirectoryInfo _folder;
    private readonly GatedEngine? _engine;
    private HostSession _session = null!;

    private ApiHost(DirectoryInfo folder, GatedEngine? engine) => (_folder, _engine) = (folder, engine);

    public static JsonSerializerOptions Json { get; } = Options();

    public string Folder => _folder.FullName;

    public CurationHost Host { get; private set; } = null!;

    public Corpus Corpus { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public TestHost.Lines Log { get; } = new();

    public string Thumbs => Path.Combine(Host.Data.Root, "thumbs");

    /// <param name="engine">The engine, which ends with the host; without one another process is taken to work on the directory.</param>
    public static async Task<ApiHost> StartAsync(GatedEngine? engine = null)
    {
        var api = new ApiHost(Directory.CreateTempSubdirectory("medgen-api-"), engine);
        Directory.CreateDirectory(Path.Combine(api.Folder, "videos"));
        api.Host = CurationHost.Open(new HostOptions { DataPath = Path.Combine(api.Folder, "data"), ModelsPath = Path.Combine(Repository(), "models", "demo") });
        api.Corpus = await Corpus.SeedAsync(api.Host.Ledger, Path.Combine(api.Folder, "videos"), api.AdoptAsync);
        api._session = await HostSession.StartAsync(api.Host, engine?.Create(api.Host), new WebOptions { Listen = "http://127.0.0.1:0" }, TimeProvider.System, api.Log);
        api.Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(api._session.Address), Timeout = TimeSpan.FromMinutes(1) };
        return api;
    }

    /// <summary>An answer that must be a success, in its shape.</summary>
    public async Task<T> GetAsync<T>(string path) => await ReadAsync<T>(await Client.GetAsync(path), HttpStatusCode.OK);

    /// <param name="body">An object, or JSON as text.</param>
    public async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, HttpStatusCode status = HttpStatusCode.OK) => await ReadAsync<T>(await SendAsync(method, path, body), status);

    /// <inheritdoc cref="SendAsync{T}(HttpMethod, string, object?, HttpStatusCode)"/>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is string text ? new StringContent(text, Encoding.UTF8, "application/json") : body is null ? null : JsonContent.Create(body, body.GetType(), options: Json);
        return await Client.SendAsync(request);
    }

    /// <summary>The sentence of an answer that must be a problem.</summary>
    public async Task<string> ProblemAsync(HttpStatusCode status, HttpMethod method, string path, object? body = null)
    {
        using var answer = await SendAsync(method, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{method} {path} answered {(int)answer.StatusCode}: {text}\n{Log.Text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(text);
        Assert.Equal((int)status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(problem.RootElement.GetProperty("title").GetString()));
        return problem.RootElement.GetProperty("detail").GetString()!;
    }

    public Task<string> ProblemAsync(HttpStatusCode status, string path) => ProblemAsync(status, HttpMethod.Get, path);

    /// <summary>An operation at its end; its events tell when to ask.</summary>
    public async Task<Operation> EndOfAsync(Operation operation)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var stream = new StreamReader(await Client.GetStreamAsync("/api/events", limit.Token));
        while (await stream.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal) && await GetAsync<Operation>($"/api/operations/{operation.Id}") is { State: not "running" } ended)
            {
                return ended;
            }
        }

        throw new InvalidOperationException("The events ended before the operation.");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _session.DisposeAsync();
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        await Host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, HttpStatusCode status)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == status, $"{answer.RequestMessage!.RequestUri} answered {(int)answer.StatusCode}: {text}");
            return JsonSerializer.Deserialize<T>(text, Json)!;
        }
    }

    private static JsonSerializerOptions Options()
    {
        var json = new JsonSerializerOptions();
        WebHost.Configure(json);
        return json;
    }

    private async Task<MediaRef> AdoptAsync(string kind)
    {
        var path = Host.Media.NewTemporaryPath(".mp4");
        await File.WriteAllBytesAsync(path, kind == "film" ? await Film.Value : Encoding.UTF8.GetBytes("no film at all: " + kind));
        var media = await Host.Media.AdoptAsync(path, CancellationToken.None);
        if (kind == "lost")
        {
            File.Delete(await Host.Media.OpenLocalAsync(media, CancellationToken.None));
        }

        return media;
    }

    /// <summary>Two seconds of a test picture.</summary>
    private static async Task<byte[]> MakeFilmAsync()
    {
        var folder = Directory.CreateTempSubdirectory("medgen-film-");
        var path = Path.Combine(folder.FullName, "film.mp4");
        await using (var host = CurationHost.Open(new HostOptions { DataPath = Path.Combine(folder.FullName, "data"), ModelsPath = "" }))
        {
            var made = await host.Tools.FfmpegAsync(
                ["-f", "lavfi", "-i", "testsrc=size=128x96:rate=25:duration=2", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-movflags", "+faststart", path], null, CancellationToken.None);
            Assert.True(made.Succeeded, made.ErrorTail);
        }

        var bytes = await File.ReadAllBytesAsync(path);
        folder.Delete(recursive: true);
        return bytes;
    }

    internal static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MedGenCluster.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run inside of the source tree.");
    }
}
