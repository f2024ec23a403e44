using System.Globalization;
using MedGenCluster.Curation.Sources;

namespace MedGenCluster.Curation.Network.Download;

/// <summary>The answer to a request: a response whose body is to be read, or how the download ends without one.</summary>
/// <param name="Place">At the host; to be given back after the body.</param>
internal readonly record struct Answer(HttpResponseMessage? Response, DownloadResult? End, IDisposable? Place = null)
{
    public static implicit operator Answer(DownloadResult end) => new(null, end);
}

/// <summary>Asks for a URL and follows its redirects, each hop under the policy and at its own host's terms.</summary>
internal sealed class HttpExchange(HostExchange hosts, UrlPolicy policy, ISourceCircuit circuit, DownloadOptions options)
{
    private readonly HostSlots _slots = new(options.MaxPerHost);

    /// <summary>The host as budgets and circuits know it.</summary>
    public static string HostOf(Uri url)
    {
        var name = url.IdnHost.ToLowerInvariant();
        return url.IsDefaultPort ? name : string.Create(CultureInfo.InvariantCulture, $"{name}:{url.Port}");
    }

    /// <param name="range">Bytes from which on to ask, with the validator that they must belong to.</param>
    /// <param name="watch">Watches the answer; the caller goes on with it over the body.</param>
    public async Task<Answer> AskAsync(Uri url, string item, (long From, string Validator)? range, StallWatch watch, CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            if (policy.Refuse(url) is { } refusal)
            {
                return NotAllowed(url, refusal);
            }

            var host = HostOf(url);
            var place = await _slots.EnterAsync(host, cancellationToken).ConfigureAwait(false);
            try
            {
                var answer = await hosts.AskAsync(url, host, item, range, watch, cancellationToken).ConfigureAwait(false);
                if (answer.Response is null)
                {
                    return answer;
                }

                if (Target(answer.Response, url) is not { } next)
                {
                    answer = answer with { Place = place };
                    place = null;
                    return answer;
                }

                answer.Response.Dispose();
                seen.Add(url.AbsoluteUri);
                var circle = seen.Contains(next.AbsoluteUri);
                if (circle || seen.Count > options.MaxRedirects)
                {
                    circuit.Report(host, item, FailureKind.VideoSpecific);
                    var what = circle ? $"The redirects from {host} go round in a circle." : $"There are more than {options.MaxRedirects} redirects.";
                    return new DownloadResult.Failed(FailureKind.VideoSpecific, what, Retryable: false);
                }

                if (HostOf(next) != host)
                {
                    circuit.Report(host, item, null);
                }

                url = next;
            }
            finally
            {
                place?.Dispose();
            }
        }
    }

    public static DownloadResult.Refused NotAllowed(Uri url, string refusal) => new("url-not-allowed", $"{Short(url)} may not be asked for: {refusal}.");

    // From the header's own text: parsed by itself, a path alone reads as a local file.
    public static Uri? Target(HttpResponseMessage response, Uri url) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308
        && response.Headers.NonValidated.TryGetValues("Location", out var values)
        && Uri.TryCreate(url, values.ToString(), out var target)
            ? target
            : null;

    /// <summary>A URL for a message: without user, query and fragment.</summary>
    private static string Short(Uri url) => url.IsAbsoluteUri ? Fields.Shorten(url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)) : "the address";
}
