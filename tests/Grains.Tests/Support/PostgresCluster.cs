using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Hosting.Postgres;
using MedGenCluster.Services;

namespace MedGenCluster.Grains.Tests.Support;

/// <summary>A PostgreSQL with the Orleans schema for the tests of a class; each of them has a cluster id of its own there.</summary>
public sealed class PostgresCluster : IAsyncLifetime
{
    private PostgresServer? _server;
    private int _clusters;

    public string ConnectionString => _server!.ConnectionString;

    public ClusterSettings NewCluster() =>
        new() { Clustering = ClusteringBackend.Postgres, Postgres = ConnectionString, ClusterId = $"cluster-{Interlocked.Increment(ref _clusters)}" };

    public Task<string> CreateDatabaseAsync(string name) => _server!.CreateDatabaseAsync(name);

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is null)
        {
            _server = await PostgresServer.StartAsync(durable: false);
            await OrleansSchema.ApplyAsync(ConnectionString, CancellationToken.None);
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
