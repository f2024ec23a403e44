using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Curation.Network.Download;

/// <summary>The answer to a request: a response whose body is to be read, or how the download ends without one.</summary>
internal readonly record struct Answer(HttpResponseMessage? Response, DownloadResult? End)
{
    public static implicit operator Answer(DownloadResult end) => new(null, end);
}

/// <summary>Asks for a URL politely: under the policy, the budget and the circuit of each host on its way.</summary>
internal sealed class HttpExchange(
    HttpMessageInvoker client, UrlPolicy policy, IHostBudget budget, ISourceCircuit circuit, DownloadOptions options, TimeProvider time)
{
    /// <summary>The host as budgets and circuits know it.</summary>
    public static string HostOf(Uri url) => url.IsDefaultPort ? url.IdnHost.ToLowerInvariant() : string.Create(CultureInfo.InvariantCulture, $"{url.IdnHost.ToLowerInvariant()}:{url.Port}");

    /// <param name="range">Bytes from which on to ask, with the validator that they must belong to.</param>
    public async Task<Answer> AskAsync(Uri url, string item, (long From, string Validator)? range, StallWatch watch, CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var throttles = 0; ;)
        {
            if (policy.Refuse(url) is { } refusal)
            {
                return new DownloadResult.Refused("url-not-allowed", $"{Short(url)} may not be asked for: {refusal}.");
            }

            var host = HostOf(url);
            watch.Rest();
            if (await AdmitAsync(host, item, cancellationToken).ConfigureAwait(false) is { } later)
            {
                return later;
            }

            HttpResponseMessage response;
            try
            {
                response = await SendAsync(url, range, watch, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException error) when (error.InnerException is AddressRefusedException refused)
            {
                circuit.Report(host, item, FailureKind.VideoSpecific);
                return new DownloadResult.Refused("url-not-allowed", $"{Short(url)} may not be asked for: {refused.Message}.");
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested && Trouble(error, watch) is { } trouble)
            {
                return Lost(host, item, trouble);
            }
            catch
            {
                // A try that was called off must not keep others from trying.
                circuit.Report(host, item, FailureKind.Network);
                throw;
            }

            if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            {
                using (response)
                {
                    if (Throttled(response, host, item, ++throttles) is { } end)
                    {
                        return end;
                    }
                }
            }
            else if (Target(response, url) is { } next)
            {
                response.Dispose();
                budget.Report(host, HostAnswer.Served);
                if (HostOf(next) != host)
                {
                    circuit.Report(host, item, null);
                }

                seen.Add(url.AbsoluteUri);
                var circle = seen.Contains(next.AbsoluteUri);
                if (circle || seen.Count > options.MaxRedirects)
                {
                    circuit.Report(host, item, FailureKind.VideoSpecific);
                    var what = circle ? $"The redirects from {host} go round in a circle." : $"There are more than {options.MaxRedirects} redirects.";
                    return new DownloadResult.Failed(FailureKind.VideoSpecific, what, Retryable: false);
                }

                url = next;
            }
            else
            {
                return Judge(response, host, item);
            }
        }
    }

    /// <summary>Whether an exception is one that a network makes, in words; null where it is not.</summary>
    public static string? Trouble(Exception error, StallWatch watch) => error switch
    {
        OperationCanceledException => watch.HasStalled ? "nothing came any more" : "the connection took too long",
        HttpRequestException or IOException => (error.InnerException ?? error).Message,
        _ => null,
    };

    private async Task<DownloadResult?> AdmitAsync(string host, string item, CancellationToken cancellationToken)
    {
        if (budget.RestOf(host) is var rest && rest > options.MaxWait)
        {
            return new DownloadResult.Postponed($"{host} asked for a rest.", rest);
        }

        if (circuit.Enter(host, item) is { } closedFor)
        {
            return Shut(closedFor);
        }

        try
        {
            await budget.AcquireAsync(host, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            circuit.Report(host, item, FailureKind.Network);
            throw;
        }

        // The circuit may have opened while this waited for its turn.
        return circuit.Enter(host, item) is { } meanwhile ? Shut(meanwhile) : null;

        DownloadResult.Postponed Shut(TimeSpan after) => new($"{host} refuses this machine for now.", after);
    }

    private async Task<HttpResponseMessage> SendAsync(Uri url, (long From, string Validator)? range, StallWatch watch, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        request.Headers.TryAddWithoutValidation("Accept", "video/*, application/octet-stream;q=0.9, */*;q=0.5");
        // A coded body has another length than the file.
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (range is { } rest)
        {
            request.Headers.Range = new RangeHeaderValue(rest.From, null);
            request.Headers.TryAddWithoutValidation("If-Range", rest.Validator);
        }

        watch.Moved();
        return await client.SendAsync(request, watch.Token).ConfigureAwait(false);
    }

    // From the header's own text: parsed by itself, a path alone reads as a local file.
    private static Uri? Target(HttpResponseMessage response, Uri url) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308
        && response.Headers.NonValidated.TryGetValues("Location", out var values)
        && Uri.TryCreate(url, values.ToString(), out var target)
            ? target
            : null;

    /// <summary>A URL for a message: without user, query and fragment.</summary>
    private static string Short(Uri url) => url.IsAbsoluteUri ? Fields.Shorten(url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)) : "the address";

    private DownloadResult? Throttled(HttpResponseMessage response, string host, string item, int throttles)
    {
        TimeSpan? asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => null,
        };
        budget.Report(host, HostAnswer.Throttled, asked);
        var status = (int)response.StatusCode;
        if (asked > options.MaxWait)
        {
            var end = Blocked(host, item, $"{host} answered {status} and asked for a rest");
            return end is DownloadResult.Postponed later && budget.RestOf(host) is var rest && rest > later.After ? later with { After = rest } : end;
        }

        if (throttles <= options.MaxThrottles)
        {
            return null;
        }

        return status == (int)HttpStatusCode.TooManyRequests
            ? Blocked(host, item, $"{host} answered 429 each of {throttles} times")
            : Lost(host, item, $"{host} answered 503 each of {throttles} times");
    }

    private Answer Judge(HttpResponseMessage response, string host, string item)
    {
        var status = (int)response.StatusCode;
        if (status is 200 or 206 or 416)
        {
            circuit.Report(host, item, null);
            budget.Report(host, HostAnswer.Served);
            return new Answer(response, null);
        }

        response.Dispose();
        if (status == 403)
        {
            return Blocked(host, item, $"{host} answered 403 (forbidden)");
        }

        if (status is >= 500 or 408 or 425)
        {
            return Lost(host, item, $"{host} answered {status}");
        }

        circuit.Report(host, item, FailureKind.VideoSpecific);
        budget.Report(host, HostAnswer.Served);
        return status switch
        {
            401 => new DownloadResult.Refused("login-required", $"{host} wants a login (401)."),
            404 => new DownloadResult.Refused("not-found", $"{host} has no such file (404)."),
            410 => new DownloadResult.Refused("removed", $"{host} says that the file was removed (410)."),
            451 => new DownloadResult.Refused("legal-block", $"{host} withholds the file for legal reasons (451)."),
            _ => new DownloadResult.Failed(FailureKind.VideoSpecific, $"{host} answered {status}.", Retryable: false),
        };
    }

    private DownloadResult Blocked(string host, string item, string what) => circuit.Report(host, item, FailureKind.EgressBlock) is { } wait
        ? new DownloadResult.Postponed($"{what}.", wait)
        : new DownloadResult.Failed(FailureKind.VideoSpecific, $"{what}, to this file time after time.", Retryable: true);

    private DownloadResult Lost(string host, string item, string what) => circuit.Report(host, item, FailureKind.Network) is { } wait
        ? new DownloadResult.Postponed($"{what}.", wait)
        : new DownloadResult.Failed(FailureKind.Network, $"{what}.", Retryable: true);
}
