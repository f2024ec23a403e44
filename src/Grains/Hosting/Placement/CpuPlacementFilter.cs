using MedGenCluster.Engine.Clustering;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace MedGenCluster.Grains.Hosting.Placement;

/// <summary>Places a grain only on a silo with the cpu role. Works from whatever side calls.</summary>
/// <remarks>Where there is none, the call fails at once with an <see cref="OrleansException"/> (<c>No active nodes are compatible with grain ...</c>).</remarks>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CpuPlacementFilterAttribute() : PlacementFilterAttribute(new CpuPlacementFilter());

/// <summary>See <see cref="CpuPlacementFilterAttribute"/>.</summary>
public sealed class CpuPlacementFilter() : PlacementFilterStrategy(order: 0);

internal sealed class CpuPlacementFilterDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos) =>
        silos.Where(silo => SiloRoles.Has(metadata.GetSiloMetadata(silo), SiloRole.Cpu));
}
