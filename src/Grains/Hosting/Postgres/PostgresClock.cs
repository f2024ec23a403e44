using Npgsql;

namespace MedGenCluster.Grains.Hosting.Postgres;

/// <summary>What time it is in the cluster's database.</summary>
internal static class PostgresClock
{
    /// <exception cref="NpgsqlException">The database cannot be asked.</exception>
    public static async Task<DateTimeOffset> AskAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(OrleansConnection.From(connectionString));
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = new NpgsqlCommand("SELECT clock_timestamp()", connection);
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!, TimeSpan.Zero);
    }
}
