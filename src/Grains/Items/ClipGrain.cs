using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting.Placement;
using MedGenCluster.Grains.Running;
using Orleans.Placement;

namespace MedGenCluster.Grains.Items;

/// <inheritdoc cref="IClipGrain"/>
[CpuPlacementFilter, PreferLocalPlacement, Reentrant]
internal sealed class ClipGrain(SiloWork work, ShardDesks desks) : ItemGrain(work, desks), IClipGrain;
