using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace MedGenCluster.Grains.Hosting.Placement;

/// <summary>Places a grain, whose key must be a <see cref="LaneKey"/>, only on a silo with the gpu role, at least the key's GPU memory, and the key's name where it
/// gives one. Works from whatever side calls.</summary>
/// <remarks>Where no silo will do, the call fails at once with an <see cref="OrleansException"/> (<c>No active nodes are compatible with grain ...</c>), and also for
/// the moment until a silo that has just joined has told its metadata: the caller waits and tries again. A key that is no lane's fails with a
/// <see cref="FormatException"/>.</remarks>
[AttributeUsage(AttributeTargets.Class)]
public sealed class GpuPlacementFilterAttribute() : PlacementFilterAttribute(new GpuPlacementFilter());

/// <summary>See <see cref="GpuPlacementFilterAttribute"/>.</summary>
public sealed class GpuPlacementFilter() : PlacementFilterStrategy(order: 0);

internal sealed class GpuPlacementFilterDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var lane = LaneKey.Parse(target.GrainIdentity.Key.ToString());
        return silos.Where(silo => SiloRoles.Carries(metadata.GetSiloMetadata(silo), lane));
    }
}
