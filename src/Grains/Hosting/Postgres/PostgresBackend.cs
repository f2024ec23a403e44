using MedGenCluster.Engine.Clustering;

namespace MedGenCluster.Grains.Hosting.Postgres;

/// <summary>A cluster in PostgreSQL through Orleans' ADO.NET providers and the queries of <see cref="OrleansSchema"/>.</summary>
internal sealed class PostgresBackend : IClusterBackend
{
    private const string Invariant = "Npgsql";

    public void Configure(ISiloBuilder silo, ClusterSettings settings)
    {
        var connection = OrleansConnection.From(settings.Postgres ?? throw new ClusterException("A cluster in PostgreSQL needs its connection string."));
        silo.UseAdoNetClustering(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = connection;
        });
        silo.AddAdoNetGrainStorage(SiloConfiguration.Storage, options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = connection;
            // A grain that is done leaves no row behind.
            options.DeleteStateOnClear = true;
        });
        silo.UseAdoNetReminderService(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = connection;
        });
    }
}
