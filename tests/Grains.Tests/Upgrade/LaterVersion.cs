namespace MedGenCluster.Grains.Tests.Upgrade;

/// <summary>The version after this one: the same source with every grain interface's version raised and a field added to what silos send one another (<c>Later.targets</c>).</summary>
internal static class LaterVersion
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "later");

    /// <summary>The program of its silos.</summary>
    public static string Program { get; } = Path.Combine(Folder, "MedGenCluster.Simulation.dll");

    public static string Grains { get; } = Path.Combine(Folder, "MedGenCluster.Grains.dll");
}
