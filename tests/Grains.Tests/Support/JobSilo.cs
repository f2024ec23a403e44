using MedGenCluster.Services;
using MedGenCluster.ClusterProbe;
using MedGenCluster.Curation.Network;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Budgets;
using MedGenCluster.Grains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace MedGenCluster.Grains.Tests.Support;

/// <summary>One silo that remembers nothing, for the tests of a class, with a clock that they can move on.</summary>
public sealed class JobSilo : IAsyncLifetime
{
    private readonly IHost _host;

    public JobSilo()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton(new ClusterBudget(new HostBudgetOptions { InitialRate = 0.1 }, Time));
        builder.UseOrleans(silo => SiloConfiguration.Configure(silo, new ClusterSettings { SiloPort = FreePort.Next(), GatewayPort = FreePort.Next() }));
        _host = builder.Build();
    }

    public MovedTime Time { get; } = new();

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    internal IGrainStorage Storage => _host.Services.GetRequiredKeyedService<IGrainStorage>(SiloConfiguration.Storage);

    /// <summary>Puts every grain down that nobody is calling.</summary>
    public Task DeactivateAllAsync() => Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    public Task InitializeAsync() => _host.StartAsync();

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    /// <summary>The system's clock with the time of day moved on; timers run as ever.</summary>
    public sealed class MovedTime : TimeProvider
    {
        private long _ticks;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));

        public void MoveOn(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
    }
}
