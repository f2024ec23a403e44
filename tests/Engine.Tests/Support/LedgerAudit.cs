using System.Data.Common;
using Dapper;
using MedGenCluster.Curation.Lifecycle;
using Microsoft.Data.Sqlite;

namespace MedGenCluster.Engine.Tests.Support;

/// <summary>Holds a ledger file against what must be true of it at any moment, by counting its rows.</summary>
internal static class LedgerAudit
{
    public static void Check(string path)
    {
        using var connection = Open(path);
        Check(connection);
    }

    public static void Check(DbConnection connection)
    {
        AssertNone(
            connection,
            """
            SELECT a.job, a.kind, a.outcome, a.stage, a.reason, a.n, b.n AS counted FROM (SELECT * FROM tally WHERE n <> 0) a
            FULL OUTER JOIN (SELECT job, kind, outcome, stage, CASE outcome WHEN 4 THEN reason ELSE '' END AS reason, COUNT(*) AS n FROM item GROUP BY 1, 2, 3, 4, 5) b
            USING (job, kind, outcome, stage, reason) WHERE a.n IS DISTINCT FROM b.n
            """);
        AssertNone(
            connection,
            """
            SELECT id, open_children FROM item video WHERE kind = 1
                AND open_children <> (SELECT COUNT(*) FROM item clip WHERE clip.parent = video.seq AND clip.outcome = 0)
            """);

        // Nothing is finished while a part of it is not, and every end has its line in the log.
        AssertNone(connection, "SELECT video.id FROM item video WHERE kind = 1 AND outcome = 3 AND EXISTS (SELECT 1 FROM item WHERE parent = video.seq AND outcome = 0)");
        AssertNone(connection, "SELECT id FROM item WHERE outcome IN (2, 4, 5) AND NOT EXISTS (SELECT 1 FROM decision WHERE decision.item = item.seq AND decision.stage = item.stage)");
        AssertNone(connection, "SELECT id FROM item WHERE outcome <> 0 AND lease_owner IS NOT NULL");
    }

    /// <summary>Nothing is left to do and nothing is held.</summary>
    public static void CheckIdle(string path)
    {
        using var connection = Open(path);
        Check(connection);
        AssertNone(connection, $"SELECT id, outcome, stage FROM item WHERE outcome IN ({(int)Outcome.Active}, {(int)Outcome.AwaitingClips})");
        AssertNone(connection, "SELECT id, lease_owner FROM item WHERE lease_owner IS NOT NULL");
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void AssertNone(DbConnection connection, string sql)
    {
        var rows = connection.Query(sql).Take(5).Select(row => string.Join(", ", (IDictionary<string, object>)row)).ToList();
        Assert.True(rows.Count == 0, sql + Environment.NewLine + string.Join(Environment.NewLine, rows));
    }
}
