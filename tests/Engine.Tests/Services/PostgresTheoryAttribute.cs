using MedGenCluster.Services;

namespace MedGenCluster.Engine.Tests.Services;

/// <summary>A test with cases that needs a PostgreSQL; skipped, with the reason, where there can be none.</summary>
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresServer.Missing;
}
