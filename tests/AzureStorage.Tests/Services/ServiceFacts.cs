using MedGenCluster.Services;

namespace MedGenCluster.AzureStorage.Tests.Services;

/// <summary>A test that needs Azurite; skipped, with the reason, where there is none.</summary>
public sealed class AzuriteFactAttribute : FactAttribute
{
    public AzuriteFactAttribute() => Skip = AzuriteServer.Missing;
}

/// <summary>A test that needs PostgreSQL; skipped, with the reason, where there is none.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}

/// <summary>As <see cref="AzuriteFactAttribute"/>, for several cases.</summary>
public sealed class AzuriteTheoryAttribute : TheoryAttribute
{
    public AzuriteTheoryAttribute() => Skip = AzuriteServer.Missing;
}
