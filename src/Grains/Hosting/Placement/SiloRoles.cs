using System.Globalization;
using MedGenCluster.Engine.Clustering;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace MedGenCluster.Grains.Hosting.Placement;

/// <summary>What a silo's metadata says of it. A silo whose metadata has not come yet has no role.</summary>
internal static class SiloRoles
{
    public static bool Has(SiloMetadata metadata, SiloRole role) =>
        metadata.Metadata.TryGetValue(SiloTags.Role, out var text) && Enum.TryParse<SiloRole>(text, ignoreCase: true, out var roles) && roles.HasFlag(role);

    /// <summary>Whether a lane's grain may live there.</summary>
    public static bool Carries(SiloMetadata metadata, LaneKey lane) =>
        Has(metadata, SiloRole.Gpu)
        && (lane.Silo == LaneKey.AnySilo || (metadata.Metadata.TryGetValue(SiloTags.Name, out var name) && name == lane.Silo))
        && GpuMemory(metadata) is { } memory
        && memory >= (long)lane.MemoryMiB << 20;

    /// <summary>Memory for models, bytes; null where the silo tells of none.</summary>
    public static long? GpuMemory(SiloMetadata metadata) =>
        metadata.Metadata.TryGetValue(SiloTags.GpuMemory, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var memory) ? memory : null;
}
