using System.Net;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Hosting.Placement;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Versions.Compatibility;

namespace MedGenCluster.Grains.Hosting;

/// <summary>Makes a process a silo of a cluster.</summary>
public static class SiloConfiguration
{
    /// <summary>The storage that grains keep their state in: <c>[PersistentState("state", SiloConfiguration.Storage)]</c>.</summary>
    public const string Storage = "medgen";

    /// <summary>Sets all of a silo but its grains: clustering, grain state, reminders, addresses, name, metadata, membership timing and placement.</summary>
    /// <param name="settings">A GPU memory of null counts as half of the memory that the process may use.</param>
    /// <exception cref="ClusterException">The settings cannot be used, or this build lacks what they ask for; the message says what to do.</exception>
    public static ISiloBuilder Configure(ISiloBuilder silo, ClusterSettings settings)
    {
        ClusterBackends.Create(settings.Clustering).Configure(silo, settings);
        if (settings.Clustering != ClusteringBackend.Localhost)
        {
            Join(silo, settings);
        }

        silo.Configure<SiloOptions>(options => options.SiloName = settings.SiloName);
        silo.Configure<ClusterMembershipOptions>(SiloTiming.Set);
        silo.Configure<GrainCollectionOptions>(SiloTiming.Set);
        silo.Configure<GrainDirectoryOptions>(SiloTiming.Set);

        // By Orleans' own rule a silo calls none that has an earlier version of an interface, so that a later cpu silo would find no lane on earlier gpu silos, and shards would
        // not be where placement by the membership alone says. Contracts only ever grow (README.md).
        silo.Configure<GrainVersioningOptions>(options => options.DefaultCompatibilityStrategy = nameof(AllVersionsCompatible));
        silo.UseSiloMetadata(SiloTags.Of(settings));
        silo.Services.AddMedGenPlacement();
        return silo;
    }

    private static void Join(ISiloBuilder silo, ClusterSettings settings)
    {
        // One name for both: membership is kept by cluster, grain state and reminders by service, and two clusters share neither.
        silo.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = settings.ClusterId);
        var address = settings.AdvertisedAddress is { } given ? IPAddress.Parse(given) : IPAddress.Loopback;
        // Silos trust whoever reaches their ports, so one that advertises loopback is not to be reached from outside.
        silo.ConfigureEndpoints(address, settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(address));
    }
}
