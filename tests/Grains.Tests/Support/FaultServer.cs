using MedGenCluster.Services;

namespace MedGenCluster.Grains.Tests.Support;

/// <summary>A PostgreSQL that keeps what it has committed when it crashes, for the tests of a class.</summary>
public sealed class FaultServer : IAsyncLifetime
{
    private PostgresServer? _server;

    public PostgresServer Postgres => _server!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is null)
        {
            _server = await PostgresServer.StartAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

/// <summary>Tests that start many processes run one after another, but for those of <see cref="RollCollection"/>: they wait more than they work.</summary>
[CollectionDefinition(Name)]
public sealed class FaultCollection : ICollectionFixture<FaultServer>
{
    public const string Name = "faults";
}

/// <summary>Tests in which the silos of a cluster are exchanged one after another: long, and with limits of minutes.</summary>
[CollectionDefinition(Name)]
public sealed class RollCollection : ICollectionFixture<FaultServer>
{
    public const string Name = "rolls";
}
