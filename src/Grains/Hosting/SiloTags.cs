using MedGenCluster.Engine.Clustering;

namespace MedGenCluster.Grains.Hosting;

/// <summary>What every silo tells the others of itself (Orleans' silo metadata), and what placement goes by.</summary>
public static class SiloTags
{
    /// <summary><c>cpu</c>, <c>gpu</c> or <c>all</c>.</summary>
    public const string Role = "medgen.role";

    /// <summary>Memory for models on the silo's GPUs, bytes; absent without the gpu role.</summary>
    public const string GpuMemory = "medgen.gpu-memory";

    /// <summary>The silo's name.</summary>
    public const string Name = "medgen.name";

    public static Dictionary<string, string> Of(ClusterSettings settings)
    {
        var tags = new Dictionary<string, string>
        {
            [Role] = settings.Role.ToString().ToLowerInvariant(),
            [Name] = settings.SiloName,
        };
        if (settings.Role.HasFlag(SiloRole.Gpu))
        {
            tags[GpuMemory] = (settings.GpuMemory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return tags;
    }
}
