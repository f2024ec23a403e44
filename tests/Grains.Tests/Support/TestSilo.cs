using MedGenCluster.Services;
using MedGenCluster.ClusterProbe;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace MedGenCluster.Grains.Tests.Support;

/// <summary>A silo in the test's own process.</summary>
internal sealed class TestSilo(IHost host) : IAsyncDisposable
{
    public IServiceProvider Services => host.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public SiloAddress Address => Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    /// <summary>A silo that has not begun: its services are there.</summary>
    public static TestSilo Build(ClusterSettings settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => SiloConfiguration.Configure(silo, settings));
        return new TestSilo(builder.Build());
    }

    /// <summary>Starts a silo on free ports.</summary>
    public static async Task<TestSilo> StartAsync(ClusterSettings settings)
    {
        var silo = Build(settings with { SiloPort = FreePort.Next(), GatewayPort = FreePort.Next() });
        await silo.Services.GetRequiredService<IHost>().StartAsync();
        return silo;
    }

    /// <summary>Waits until each silo sees all as active and knows their grains and what they say of themselves.</summary>
    public static async Task FormAsync(params TestSilo[] silos)
    {
        foreach (var silo in silos)
        {
            var membership = silo.Services.GetRequiredService<IClusterMembershipService>();
            var manifests = silo.Services.GetRequiredService<IClusterManifestProvider>();
            var metadata = silo.Services.GetRequiredService<ISiloMetadataCache>();
            await Eventually.TrueAsync(() => silos.All(other =>
                membership.CurrentSnapshot.GetSiloStatus(other.Address) == SiloStatus.Active
                && manifests.Current.Silos.ContainsKey(other.Address)
                && metadata.GetSiloMetadata(other.Address).Metadata.Count > 0));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
