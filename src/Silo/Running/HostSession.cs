using System.Text.Json;
using MedGenCluster.Engine;
using MedGenCluster.Silo.Views;
using MedGenCluster.Silo.Web;
using MedGenCluster.Silo.Web.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Silo.Running;

/// <summary>A running host that can be reached: its API, dashboard, health and metrics.</summary>
public sealed class HostSession : IAsyncDisposable
{
    private readonly RunningHost _running;
    private readonly PulseHub _pulses;
    private readonly WebHost _web;

    private HostSession(RunningHost running, PulseHub pulses, WebHost web) => (_running, _pulses, _web) = (running, pulses, web);

    /// <summary>Where to open it.</summary>
    public string Address => _web.Address;

    public bool TokenRequired => _web.TokenRequired;

    /// <summary>Starts to listen.</summary>
    /// <param name="engine">The engine of this process; null where another one works on the directory.</param>
    /// <exception cref="WebException">An option cannot be used, or the address is taken.</exception>
    public static async Task<HostSession> StartAsync(CurationHost host, IEngine? engine, WebOptions options, TimeProvider time, ILoggerProvider? log = null)
    {
        var running = new RunningHost(host, engine, time);
        var live = new LiveViews(running);
        var json = new JsonSerializerOptions();
        WebHost.Configure(json);
        var pulses = new PulseHub(live.Revision, async _ => JsonSerializer.SerializeToUtf8Bytes(await live.PulseAsync().ConfigureAwait(false), json), options.MaxStreams, time);
        try
        {
            var web = await WebHost.StartAsync(options, Path.Combine(host.Data.Root, "keys"), () => running.Blocked, routes => Map(routes, running, pulses), log).ConfigureAwait(false);
            (running.Address, running.TokenRequired) = (web.Address, web.TokenRequired);
            running.Warm();
            return new HostSession(running, pulses, web);
        }
        catch
        {
            await pulses.DisposeAsync().ConfigureAwait(false);
            await running.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static void Map(IEndpointRouteBuilder routes, RunningHost running, PulseHub pulses)
    {
        Api.Api.Map(routes, running, pulses);
        if (running.Engine?.Pages is RequestDelegate pages)
        {
            routes.Map(IEngine.PagesPath + "/{**path}", pages).ExcludeFromDescription();
        }
    }

    /// <summary>Ends event streams, waits for requests in flight, and stops what runs in the background.</summary>
    public async ValueTask DisposeAsync()
    {
        await _pulses.DisposeAsync().ConfigureAwait(false);
        await _web.DisposeAsync().ConfigureAwait(false);
        await _running.DisposeAsync().ConfigureAwait(false);
    }
}
