using System.Data.Common;
using Npgsql;

namespace MedGenCluster.Grains.Hosting.Postgres;

/// <summary>The connection string that Orleans' providers get.</summary>
internal static class OrleansConnection
{
    /// <summary>The few queries of the providers are planned once for each connection instead of at every call, and connections carry no state that would have to be
    /// reset between them. What the operator's own string says stands: behind a pooler of transactions, say <c>Max Auto Prepare=0</c>.</summary>
    public static string From(string connectionString)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var set = new NpgsqlConnectionStringBuilder(connectionString);
        if (!Has("Max Auto Prepare"))
        {
            set.MaxAutoPrepare = 32;
            set.AutoPrepareMinUsages = 2;
        }

        if (!Has("No Reset On Close"))
        {
            set.NoResetOnClose = true;
        }

        if (!Has("Application Name"))
        {
            set.ApplicationName = "medgen-orleans";
        }

        return set.ConnectionString;

        bool Has(string keyword) => given.ContainsKey(keyword) || given.ContainsKey(keyword.Replace(" ", "", StringComparison.Ordinal));
    }
}
