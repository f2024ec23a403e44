using MedGenCluster.Engine.Clustering;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Engine.Ledger;

/// <summary>Opens the ledger that a process is configured for.</summary>
public static class Ledgers
{
    /// <summary>The cluster's PostgreSQL where one is named, else the file in the data directory.</summary>
    /// <exception cref="LedgerException">It cannot be used; the message says what to do.</exception>
    public static ILedger Open(ClusterSettings? cluster, DataDirectory data, TimeProvider time, ILogger log) => cluster?.Postgres is { } database
        ? PostgresLedger.Open(database, time, log)
        : SqliteLedger.Open(data.LedgerPath, time, log);
}
