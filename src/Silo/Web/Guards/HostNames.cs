using System.Net;
using Microsoft.AspNetCore.Http;

namespace MedGenCluster.Silo.Web.Guards;

/// <summary>Which names a request may call the host by. A page of another site that has its own name point here (DNS rebinding) is turned away.</summary>
internal sealed class HostNames
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase) { "localhost", "127.0.0.1", "[::1]" };
    private readonly bool _anyAddress;

    public HostNames(WebOptions options)
    {
        var listen = new Uri(options.Listen);
        _names.Add(listen.Host);
        _names.UnionWith(options.HostNames);
        // Whoever listens on all interfaces is reached by any of the machine's addresses; a number cannot be rebound.
        _anyAddress = IPAddress.TryParse(listen.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
    }

    public bool Knows(string host) => _names.Contains(host) || (_anyAddress && IPAddress.TryParse(host.Trim('[', ']'), out _));

    public Task CheckAsync(HttpContext context, RequestDelegate next) => Knows(context.Request.Host.Host)
        ? next(context)
        : Problems.WriteAsync(context, StatusCodes.Status400BadRequest, "This host is not known by the name in the request's Host header; start it with --host-name NAME to allow one.");
}
