namespace MedGenCluster.Deploy.Tests.Support;

/// <summary>Where kubectl is; it renders the manifests.</summary>
internal static class Kubectl
{
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("MEDGEN_KUBECTL") is { Length: > 0 } named ? [named] : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "kubectl"))).FirstOrDefault(File.Exists);

    public static string? Missing => Program is null ? "There is no kubectl; install Debian's package kubernetes-client." : null;
}

/// <summary>A test that renders the manifests; skipped, with the reason, where there is no kubectl.</summary>
public sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute() => Skip = Kubectl.Missing;
}

/// <summary>As <see cref="KubectlFactAttribute"/>, for several cases.</summary>
public sealed class KubectlTheoryAttribute : TheoryAttribute
{
    public KubectlTheoryAttribute() => Skip = Kubectl.Missing;
}
