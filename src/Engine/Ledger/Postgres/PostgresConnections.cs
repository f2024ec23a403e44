using Npgsql;

namespace MedGenCluster.Engine.Ledger.Postgres;

/// <summary>How a ledger connects to its database.</summary>
internal static class PostgresConnections
{
    /// <summary>The ledger's own schema: the database may hold other things.</summary>
    public const string Schema = "medgen_ledger";

    private const int MaxReaders = 20;
    private const int AutoPrepare = 200;
    private const int CommandSeconds = 60;

    public static string Writer(string connectionString)
    {
        var builder = Builder(connectionString);
        builder.Pooling = false;
        return builder.ConnectionString;
    }

    public static string Readers(string connectionString)
    {
        var builder = Builder(connectionString);
        builder.MaxPoolSize = MaxReaders;
        return builder.ConnectionString;
    }

    /// <summary>Why a database cannot serve, without its secrets.</summary>
    public static LedgerException Refusal(string connectionString, Exception exception)
    {
        var builder = Builder(connectionString);
        return new LedgerException(
            $"The ledger in PostgreSQL cannot be opened (host {builder.Host}, port {builder.Port}, database {builder.Database}, user {builder.Username}): {PostgresSession.Message(exception)}. "
            + "Check the connection string and that the server runs and lets the user in and create a schema there.",
            exception);
    }

    private static NpgsqlConnectionStringBuilder Builder(string connectionString)
    {
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException exception)
        {
            throw new LedgerException(
                $"The connection string of PostgreSQL cannot be read: {exception.Message} It looks like Host=db;Username=medgen;Password=...;Database=medgen.", exception);
        }

        if (string.IsNullOrEmpty(builder.Host))
        {
            throw new LedgerException("The connection string of PostgreSQL names no host. It looks like Host=db;Username=medgen;Password=...;Database=medgen.");
        }

        builder.SearchPath = Schema;
        builder.ApplicationName ??= "medgen ledger";
        builder.MaxAutoPrepare = AutoPrepare;
        builder.AutoPrepareMinUsages = 2;
        if (!builder.ContainsKey("Command Timeout") || builder.CommandTimeout == new NpgsqlConnectionStringBuilder().CommandTimeout)
        {
            builder.CommandTimeout = CommandSeconds;
        }

        return builder;
    }
}
