using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Hosting.Postgres;
using MedGenCluster.Grains.Tests.Support;
using Npgsql;

namespace MedGenCluster.Grains.Tests.Hosting.Postgres;

public sealed class OrleansSchemaTests(PostgresCluster postgres) : IClassFixture<PostgresCluster>
{
    [PostgresFact]
    public async Task It_can_be_applied_by_several_at_once_and_again()
    {
        var database = await postgres.CreateDatabaseAsync("many");

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => OrleansSchema.ApplyAsync(database, CancellationToken.None)));
        await OrleansSchema.ApplyAsync(database, CancellationToken.None);

        await OrleansSchema.CheckAsync(database, CancellationToken.None);
    }

    [PostgresFact]
    public async Task It_is_missed_where_it_is_not_or_is_older()
    {
        var database = await postgres.CreateDatabaseAsync("old");
        var missing = await Assert.ThrowsAsync<ClusterException>(() => OrleansSchema.CheckAsync(database, CancellationToken.None));
        Assert.Contains("medgen cluster init", missing.Message, StringComparison.Ordinal);

        await OrleansSchema.ApplyAsync(database, CancellationToken.None);
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var remove = new NpgsqlCommand("DELETE FROM OrleansQuery WHERE QueryKey = 'DeleteStorageKey'", connection);
        await remove.ExecuteNonQueryAsync();

        await Assert.ThrowsAsync<ClusterException>(() => OrleansSchema.CheckAsync(database, CancellationToken.None));
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=u;Password=hush", "cannot be reached")]
    [InlineData("this is hush", "cannot be read")]
    public async Task A_database_that_cannot_be_reached_is_an_error_that_says_so_and_keeps_the_password(string connection, string says)
    {
        var error = await Assert.ThrowsAsync<ClusterException>(() => OrleansSchema.ApplyAsync(connection, CancellationToken.None));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", error.Message, StringComparison.Ordinal);
    }
}
