using MedGenCluster.Services;

namespace MedGenCluster.EndToEnd.Cluster;

/// <summary>Needs the Orleans engine in the build, and PostgreSQL on the machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterTheoryAttribute : TheoryAttribute
{
    public ClusterTheoryAttribute() => Skip = Missing;

    /// <summary>Why there can be no cluster here; null where there can.</summary>
    public static string? Missing => !File.Exists(Path.Combine(Path.GetDirectoryName(Medgen.Program)!, "Orleans.Runtime.dll"))
        ? "the build has no Orleans engine, as its package registry lacks Orleans"
        : PostgresServer.Missing;
}
