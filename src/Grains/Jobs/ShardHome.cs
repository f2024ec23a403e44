using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Hosting;
using MedGenCluster.Grains.Hosting.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace MedGenCluster.Grains.Jobs;

/// <summary>Whether this silo is still the place of a shard, and which silos else there are for it, as the membership stands.</summary>
internal sealed class ShardHome(IClusterMembershipService membership, ISiloMetadataCache metadata, ILocalSiloDetails local)
{
    private (MembershipVersion Version, List<SiloAddress> Silos) _known = (MembershipVersion.MinValue, []);

    public bool IsHere(string shard)
    {
        var silos = CpuSilos();
        return silos.Count == 0 || ShardPlacement.Choose(shard, silos).Equals(local.SiloAddress);
    }

    /// <summary>Where a grain goes that leaves this silo before its place does, or null where there is no other silo for it.</summary>
    public SiloAddress? Elsewhere(string key) => CpuSilos().Where(silo => !silo.Equals(local.SiloAddress)).ToList() is { Count: > 0 } others ? ShardPlacement.Choose(key, others) : null;

    private List<SiloAddress> CpuSilos()
    {
        var snapshot = membership.CurrentSnapshot;
        var known = _known;
        if (known.Version == snapshot.Version)
        {
            return known.Silos;
        }

        var active = snapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress).ToList();
        var cpu = active.Where(silo => SiloRoles.Has(metadata.GetSiloMetadata(silo), SiloRole.Cpu)).ToList();
        if (active.TrueForAll(silo => metadata.GetSiloMetadata(silo).Metadata.ContainsKey(SiloTags.Role)))
        {
            // Metadata that has not come yet is looked for again.
            _known = (snapshot.Version, cpu);
        }

        return cpu;
    }
}
