using MedGenCluster.Grains.Contracts;
using MedGenCluster.Grains.Hosting.Placement;
using MedGenCluster.Grains.Running;
using Orleans.Placement;

namespace MedGenCluster.Grains.Items;

/// <inheritdoc cref="IVideoGrain"/>
[CpuPlacementFilter, PreferLocalPlacement, Reentrant]
internal sealed class VideoGrain(SiloWork work, ShardDesks desks) : ItemGrain(work, desks), IVideoGrain;
