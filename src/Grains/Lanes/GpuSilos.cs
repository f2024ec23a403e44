using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Hosting;
using MedGenCluster.Grains.Hosting.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace MedGenCluster.Grains.Lanes;

/// <param name="Memory">Memory for models, bytes.</param>
internal sealed record GpuSilo(SiloAddress Address, string Name, long Memory);

/// <summary>The silos that carry lanes now.</summary>
internal interface IGpuSilos
{
    List<GpuSilo> Active();
}

/// <summary>As the membership and the silos' metadata say.</summary>
internal sealed class GpuSilos(IClusterMembershipService membership, ISiloMetadataCache metadata) : IGpuSilos
{
    public List<GpuSilo> Active()
    {
        var silos = new List<GpuSilo>();
        foreach (var (address, member) in membership.CurrentSnapshot.Members)
        {
            if (member.Status != SiloStatus.Active)
            {
                continue;
            }

            var tags = metadata.GetSiloMetadata(address);
            if (SiloRoles.Has(tags, SiloRole.Gpu) && SiloRoles.GpuMemory(tags) is { } memory)
            {
                silos.Add(new GpuSilo(address, tags.Metadata.GetValueOrDefault(SiloTags.Name) ?? member.Name, memory));
            }
        }

        return silos;
    }
}
