using MedGenCluster.Engine;
using MedGenCluster.Silo;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Web;

namespace MedGenCluster.Client.Commands;

/// <summary>An engine with its host's pages that works in the background until it is stopped. It holds the data directory, so that commands of this process watch it.</summary>
internal sealed class ServingEngine(IEngine engine, HostSession session, IDisposable held, IDisposable waker, Task work, CancellationTokenSource stop) : IAsyncDisposable
{
    public string Address => session.Address;

    /// <exception cref="UsageException">Another process works on the directory.</exception>
    public static async Task<ServingEngine> StartAsync(CurationHost host, WebOptions web, Output output, CancellationToken cancellationToken)
    {
        var held = host.TryLock() ?? throw new UsageException($"another process works on {host.Data.Root}; stop it first.");
        var engine = await host.CreateEngineAsync(cancellationToken);
        var session = await WebSelection.StartAsync(host, engine, web, output);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        return new ServingEngine(engine, session, held, host.WakeOnSignal(engine.Wake), Task.Run(() => engine.RunAsync(untilIdle: false, stop.Token), CancellationToken.None), stop);
    }

    /// <summary>Waits for Ctrl-C.</summary>
    public Task UntilStoppedAsync() => work;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        waker.Dispose();
        await session.DisposeAsync();
        await engine.DisposeAsync();
        held.Dispose();
        stop.Dispose();
    }
}
