using System.Net;
using System.Net.Http.Headers;

namespace MedGenCluster.Curation.Network.Download;

/// <summary>Asks one host politely, under its budget and its circuit, and says whose fault it is where it does not serve.</summary>
internal sealed class HostExchange(HttpMessageInvoker client, IHostBudget budget, ISourceCircuit circuit, DownloadOptions options, TimeProvider time)
{
    /// <returns>A response with a body or a redirect, which is not followed here; else how the download ends.</returns>
    public async Task<Answer> AskAsync(Uri url, string host, string item, (long From, string Validator)? range, StallWatch watch, CancellationToken cancellationToken)
    {
        for (var throttles = 1; ; throttles++)
        {
            watch.Rest();
            if (await AdmitAsync(host, item, cancellationToken).ConfigureAwait(false) is { } later)
            {
                return later;
            }

            HttpResponseMessage response;
            try
            {
                response = await SendAsync(url, range, watch).ConfigureAwait(false);
            }
            catch (HttpRequestException error) when (error.InnerException is AddressRefusedException refused)
            {
                circuit.Report(host, item, FailureKind.VideoSpecific);
                return HttpExchange.NotAllowed(url, refused.Message);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested && Trouble(error, watch) is { } trouble)
            {
                return Lost(host, item, $"{host} could not be asked: {trouble}");
            }
            catch
            {
                // A try that was called off must not keep others from trying.
                circuit.Report(host, item, FailureKind.Network);
                throw;
            }

            if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            {
                return Judge(response, url, host, item);
            }

            using (response)
            {
                if (Throttled(response, host, item, throttles) is { } end)
                {
                    return end;
                }
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

    private async Task<HttpResponseMessage> SendAsync(Uri url, (long From, string Validator)? range, StallWatch watch)
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

    private Answer Judge(HttpResponseMessage response, Uri url, string host, string item)
    {
        if (HttpExchange.Target(response, url) is not null)
        {
            // Whether the host serves or sends everybody to one page that says no is not known before the end of the way.
            budget.Report(host, HostAnswer.Served);
            return new Answer(response, null);
        }

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
