using MedGenCluster.Services;

namespace MedGenCluster.Grains.Tests.Support;

/// <summary>A test that starts a PostgreSQL; skipped, with the reason, where there can be none.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}
