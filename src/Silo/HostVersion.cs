using System.Reflection;

namespace MedGenCluster.Silo;

/// <summary>The version of this program.</summary>
public static class HostVersion
{
    public static string Text { get; } = typeof(HostVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
