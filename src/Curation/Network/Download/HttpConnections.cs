using System.Net;

namespace MedGenCluster.Curation.Network.Download;

/// <summary>Connections under a policy.</summary>
internal static class HttpConnections
{
    public static SocketsHttpHandler Create(UrlPolicy policy, DownloadOptions options) => new()
    {
        // Each hop is judged, paced and counted by itself.
        AllowAutoRedirect = false,
        // A proxy's address would be judged in place of the host's.
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = options.ConnectTimeout,
        // Names are looked up again, and judged again, from time to time.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxResponseHeadersLength = 32,
        MaxResponseDrainSize = 1 << 16,
        ActivityHeadersPropagator = null,
        ConnectCallback = (context, cancellationToken) => policy.ConnectAsync(context.DnsEndPoint, cancellationToken),
    };
}
