using System.Net;
using System.Net.Sockets;

namespace MedGenCluster.Curation.Network;

/// <summary>Which addresses beyond the public ones may be asked. Link-local addresses, where clouds keep their credentials, never are.</summary>
public sealed record UrlPolicyOptions
{
    /// <summary>127.0.0.0/8 and ::1.</summary>
    public bool AllowLoopback { get; init; }

    /// <summary>10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 (carriers) and fc00::/7.</summary>
    public bool AllowPrivate { get; init; }
}

/// <summary>Which URLs may be asked for: http and https, to public addresses. What a name resolves to is judged at the moment of connecting, so that neither a
/// redirect nor a name that changes its address gets around it.</summary>
/// <param name="resolve">Addresses of a name; the system's resolver by default.</param>
public sealed class UrlPolicy(UrlPolicyOptions options, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = resolve ?? Dns.GetHostAddressesAsync;

    /// <summary>Why a URL may not be asked for, as the end of a sentence; null where it may, as far as can be told without resolving it.</summary>
    public string? Refuse(Uri url)
    {
        if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https"))
        {
            return "it is not an absolute http or https address";
        }

        if (url.UserInfo.Length > 0)
        {
            return "it carries a user name or password";
        }

        if (url.Host.Length == 0)
        {
            return "it names no host";
        }

        return IPAddress.TryParse(url.Host, out var address) ? Refuse(address) : null;
    }

    /// <summary>Why an address may not be asked, as the end of a sentence; null where it may.</summary>
    public string? Refuse(IPAddress address) => AddressClasses.Of(address) switch
    {
        AddressClass.Public => null,
        AddressClass.Loopback when options.AllowLoopback => null,
        AddressClass.Private when options.AllowPrivate => null,
        var other => $"{address} is a {Name(other)} address",
    };

    /// <summary>As <see cref="Refuse(Uri)"/>, with the name resolved now: for programs that connect by themselves, where more cannot be had. What a redirect or
    /// a changed name leads them to is not seen.</summary>
    public async ValueTask<string?> RefuseResolvedAsync(Uri url, CancellationToken cancellationToken)
    {
        if (Refuse(url) is { } reason)
        {
            return reason;
        }

        try
        {
            var addresses = await _resolve(url.DnsSafeHost, cancellationToken).ConfigureAwait(false);
            return addresses.Select(Refuse).FirstOrDefault(refused => refused is not null);
        }
        catch (SocketException)
        {
            // A name without an address leads nowhere; whoever connects will say so.
            return null;
        }
    }

    /// <summary>Connects to a name or address that may be asked. For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="AddressRefusedException">None of its addresses may be asked.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(endPoint.Host, out var literal) ? [literal] : await _resolve(endPoint.Host, cancellationToken).ConfigureAwait(false);
        var allowed = addresses.Where(address => Refuse(address) is null).ToArray();
        if (allowed.Length == 0)
        {
            throw addresses.Length == 0
                ? new SocketException((int)SocketError.HostNotFound)
                : new AddressRefusedException($"the host {endPoint.Host} may not be asked: {Refuse(addresses[0])}");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, endPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Name(AddressClass of) => of switch
    {
        AddressClass.Loopback => "loopback",
        AddressClass.Private => "private",
        AddressClass.LinkLocal => "link-local",
        _ => "reserved",
    };
}

/// <summary>A connection that the policy does not allow.</summary>
public sealed class AddressRefusedException(string message) : IOException(message);
