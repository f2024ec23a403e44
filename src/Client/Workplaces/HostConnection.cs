using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MedGenCluster.Client.Workplaces;

/// <summary>Speaks to a host. Whatever goes wrong becomes a sentence that names the option; the token is sent to the named host alone and never shown.</summary>
internal sealed class HostConnection : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        RespectRequiredConstructorParameters = true,
    };

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private readonly HttpClient _client;
    private readonly string? _tokenFile;

    /// <param name="server">Value of --server.</param>
    /// <param name="tokenFile">Value of --token-file, or null.</param>
    /// <exception cref="UsageException">The address is none, or the token cannot be read.</exception>
    public HostConnection(string server, string? tokenFile)
    {
        if (!Uri.TryCreate(server, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0 || address.Query.Length > 0)
        {
            throw new UsageException("--server takes a host's address such as http://127.0.0.1:5600, without a user or a query; the token goes into --token-file.");
        }

        Address = new Uri(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
        _tokenFile = tokenFile;
        // A redirect would take the token to a place that nobody named, and a proxy cannot reach this machine's loopback.
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = ConnectLimit, UseProxy = !address.IsLoopback })
        {
            BaseAddress = Address, Timeout = Timeout.InfiniteTimeSpan,
        };
        if (tokenFile is not null)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ReadToken(tokenFile));
        }
    }

    public Uri Address { get; }

    public Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) => ReadAsync<T>(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    /// <param name="body">Sent as JSON; null sends none.</param>
    public Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellationToken) =>
        ReadAsync<T>(new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Json) }, cancellationToken);

    /// <summary>Opens an answer that is read while it comes.</summary>
    public Task<HttpResponseMessage> OpenAsync(string path, string mediaType, CancellationToken cancellationToken) =>
        AnswerAsync(new HttpRequestMessage(HttpMethod.Get, path), mediaType, cancellationToken);

    /// <exception cref="WorkplaceException">It is no answer of this kind.</exception>
    public T Parse<T>(string text) => Parse(() => JsonSerializer.Deserialize<T>(text, Json));

    /// <exception cref="WorkplaceException">It is no answer of this kind.</exception>
    public T Parse<T>(JsonElement json) => Parse(() => json.Deserialize<T>(Json));

    /// <summary>The sentence for a connection that could not be made or broke.</summary>
    public WorkplaceException Broken(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case AuthenticationException tls:
                    return new WorkplaceException($"the certificate or encryption of {Address} (--server) cannot be trusted: {tls.Message} A host that `medgen up` runs speaks plain http.", exception);
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return new WorkplaceException($"nothing listens at {Address} (--server); start `medgen up` there, or name the address that it printed.", exception);
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return new WorkplaceException($"there is no machine named {Address.Host} (--server).", exception);
            }
        }

        return exception is OperationCanceledException
            ? new WorkplaceException($"{Address} (--server) does not answer; check the address and that the network lets you through.", exception)
            : new WorkplaceException($"the connection with {Address} (--server) broke: {exception.Message} What was submitted stays there.", exception);
    }

    public void Dispose() => _client.Dispose();

    private async Task<T> ReadAsync<T>(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var answer = await AnswerAsync(request, "application/json", cancellationToken);
        try
        {
            return Parse<T>(await answer.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw Broken(exception);
        }
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, string mediaType, CancellationToken cancellationToken)
    {
        request.Headers.Accept.ParseAdd(mediaType);
        HttpResponseMessage answer;
        try
        {
            answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Broken(exception);
        }

        if (answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType == mediaType)
        {
            return answer;
        }

        using (answer)
        {
            throw new WorkplaceException(await RefusalAsync(answer, cancellationToken));
        }
    }

    private async Task<string> RefusalAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        switch (answer.StatusCode)
        {
            case HttpStatusCode.Unauthorized when _tokenFile is null:
                return $"the host at {Address} asks for a token; name the file that holds it with --token-file.";
            case HttpStatusCode.Unauthorized:
                return $"the host at {Address} refuses the token in {_tokenFile} (--token-file); it must be the one that the host was started with.";
            case >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest:
                return $"{Address} (--server) sends elsewhere, where the token is not taken; name the host's own address.";
        }

        if (answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            try
            {
                using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
                if (problem.RootElement.TryGetProperty("detail", out var detail) && detail.GetString() is { Length: > 0 } sentence)
                {
                    return sentence;
                }
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException or HttpRequestException or IOException)
            {
                return $"{Address} (--server) answers with status {(int)answer.StatusCode} and an error that cannot be read.";
            }
        }

        return $"{Address} (--server) answers, but not as a MedGenCluster host of this version does (status {(int)answer.StatusCode}); check the address, and that both sides have the same version.";
    }

    private T Parse<T>(Func<T?> read)
    {
        try
        {
            return read() ?? throw new JsonException("it is null.");
        }
        catch (JsonException exception)
        {
            throw new WorkplaceException($"the host at {Address} (--server) answers in another form, so it has another version: {exception.Message}", exception);
        }
    }

    private static string ReadToken(string file)
    {
        try
        {
            var token = File.ReadAllText(file).Trim();
            return token.Length > 0 && token.All(c => c is > ' ' and < '\u007f')
                ? token
                : throw new UsageException($"--token-file: {file} must hold one token of printable characters without spaces.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--token-file: {file} cannot be read: {exception.Message}");
        }
    }
}
