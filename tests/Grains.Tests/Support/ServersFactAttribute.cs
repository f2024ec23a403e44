using MedGenCluster.Services;

namespace MedGenCluster.Grains.Tests.Support;

/// <summary>A test that needs a PostgreSQL and an Azurite; skipped, with the reason, where one of them cannot be.</summary>
public sealed class ServersFactAttribute : FactAttribute
{
    public ServersFactAttribute() => Skip = PostgresServer.Missing ?? AzuriteServer.Missing;
}
