using MedGenCluster.Services;

namespace MedGenCluster.Grains.Tests.Support;

/// <summary>A test that starts an Azurite; skipped, with the reason, where there can be none.</summary>
public sealed class AzuriteFactAttribute : FactAttribute
{
    public AzuriteFactAttribute() => Skip = AzuriteServer.Missing;
}
