using Microsoft.Data.Sqlite;

namespace MedGenCluster.Benchmarks.Dashboard;

/// <summary>Gives the clips of a written ledger captions and scores, and the host a month of throughput.</summary>
internal static class WrittenHistory
{
    public static void Add(string ledger)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = ledger, Pooling = false }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandTimeout = 600;
        command.CommandText =
            """
            PRAGMA synchronous=OFF; PRAGMA cache_size=-262144;
            BEGIN;
            UPDATE item SET
                measured = CASE WHEN outcome IN (2, 4) THEN ((1 << (stage + 1)) - 1) & ~1023 ELSE ((1 << stage) - 1) & ~1023 END,
                category = abs(random()) % 5, refused = 0, border = CASE abs(random()) % 10 WHEN 0 THEN abs(random()) % 80 ELSE 0 END, words = abs(random()) % 30,
                aesthetic = (abs(random()) % 900) / 100.0, technical_shipped = (abs(random()) % 1000) / 1000.0, technical_corrected = (abs(random()) % 1000) / 1000.0
            WHERE kind = 2;
            UPDATE measurement SET
                scores = CASE stage WHEN 11 THEN '{"refused":0,"briefWords":9,"detailedWords":30}' WHEN 12 THEN '{"top":0,"bottom":0,"left":0,"right":0}' WHEN 13 THEN '{"words":3}'
                    WHEN 14 THEN '{"score":5.25}' WHEN 15 THEN '{"overallAsShipped":0.5,"overallCorrected":0.5}' ELSE scores END,
                data = CASE stage WHEN 11 THEN json_object('brief', 'Laparoscopic view of the cystic artery, take ' || item, 'detailed',
                    'The camera approaches the gallbladder bed while the grasper lifts the infundibulum; the cystic artery is clipped twice and divided' || CASE item % 500 WHEN 0 THEN ', as seldom seen' ELSE '' END || '.',
                    'category', 'imaging', 'model', 'template-1', 'promptHash', 'p', 'clipSha256', 'c', 'frameTimes', json_array(), 'binding', 'b') ELSE data END
            WHERE stage BETWEEN 11 AND 15;
            INSERT INTO caption_search(rowid, text) SELECT item, json_extract(data, '$.brief') || ' ' || json_extract(data, '$.detailed') FROM measurement WHERE stage = 11 AND data IS NOT NULL;
            WITH RECURSIVE hour(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM hour WHERE n < 719), stage(id) AS (VALUES (1), (2), (3), (4), (10), (11), (12), (13), (14), (15), (16))
                INSERT INTO throughput SELECT 3600, (unixepoch() / 3600 - n) * 3600, id, 1, 900, 300, 5, 2500.5 FROM hour, stage;
            WITH RECURSIVE minute(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM minute WHERE n < 10079), stage(id) AS (VALUES (1), (2), (3), (4), (10), (11), (12), (13), (14), (15), (16))
                INSERT INTO throughput SELECT 60, (unixepoch() / 60 - n) * 60, id, 1, 15, 5, 0, 41.5 FROM minute, stage;
            COMMIT;
            PRAGMA wal_checkpoint(TRUNCATE);
            """;
        command.ExecuteNonQuery();
    }
}
