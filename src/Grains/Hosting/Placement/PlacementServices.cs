using Microsoft.Extensions.DependencyInjection;
using Orleans.Placement;

namespace MedGenCluster.Grains.Hosting.Placement;

internal static class PlacementServices
{
    /// <summary>Registers this folder's filters and strategies. Every silo needs them: any of them may be the one that places a grain.</summary>
    public static IServiceCollection AddMedGenPlacement(this IServiceCollection services)
    {
        services.AddPlacementFilter<GpuPlacementFilter, GpuPlacementFilterDirector>(ServiceLifetime.Singleton);
        services.AddPlacementFilter<CpuPlacementFilter, CpuPlacementFilterDirector>(ServiceLifetime.Singleton);
        services.AddPlacementDirector<ShardPlacement, ShardPlacementDirector>();
        return services;
    }
}
