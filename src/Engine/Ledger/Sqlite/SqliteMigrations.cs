using Dapper;
using Microsoft.Data.Sqlite;

namespace MedGenCluster.Engine.Ledger.Sqlite;

/// <summary>The ledger's schema as a list of steps; each is applied once, in one transaction, and never edited afterwards.</summary>
internal static class SqliteMigrations
{
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE job(
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            source TEXT NOT NULL,
            options TEXT NOT NULL,
            state INTEGER NOT NULL,
            listed INTEGER NOT NULL,
            found INTEGER NOT NULL,
            known INTEGER NOT NULL,
            skipped INTEGER NOT NULL,
            error TEXT,
            created_at INTEGER NOT NULL);

        -- Videos and clips. A lease moves due_at into the future: an item whose worker died becomes due again by itself.
        CREATE TABLE item(
            seq INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            kind INTEGER NOT NULL,
            job INTEGER NOT NULL,
            parent INTEGER,
            outcome INTEGER NOT NULL,
            stage INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            reason TEXT,
            score REAL,
            due_at INTEGER NOT NULL,
            lease_owner TEXT,
            facts TEXT NOT NULL,
            media_sha TEXT,
            media_length INTEGER,
            media_path TEXT,
            open_children INTEGER NOT NULL,
            duplicate_of TEXT);
        CREATE INDEX item_ready ON item(stage, job, due_at, seq) WHERE outcome = 0;
        CREATE INDEX item_leased ON item(lease_owner) WHERE lease_owner IS NOT NULL;
        CREATE INDEX item_parent ON item(parent) WHERE parent IS NOT NULL;
        CREATE INDEX item_ended ON item(outcome, kind, job, seq) WHERE outcome <> 0;

        CREATE TABLE measurement(
            item INTEGER NOT NULL,
            stage INTEGER NOT NULL,
            stage_version INTEGER NOT NULL,
            model_version TEXT NOT NULL,
            scores TEXT NOT NULL,
            data TEXT,
            at INTEGER NOT NULL,
            PRIMARY KEY(item, stage)) WITHOUT ROWID;

        -- Append only: one row for every verdict, failure, retry and re-decision.
        CREATE TABLE decision(
            seq INTEGER PRIMARY KEY,
            item INTEGER NOT NULL,
            stage INTEGER NOT NULL,
            verdict INTEGER NOT NULL,
            reason TEXT,
            score REAL,
            threshold REAL,
            model_version TEXT NOT NULL,
            at INTEGER NOT NULL);
        CREATE INDEX decision_item ON decision(item, seq);

        -- Counts by state, kept in the transaction that changes the state, so that nothing is ever recounted.
        CREATE TABLE tally(
            job INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            outcome INTEGER NOT NULL,
            stage INTEGER NOT NULL,
            reason TEXT NOT NULL,
            n INTEGER NOT NULL,
            PRIMARY KEY(job, kind, outcome, stage, reason)) WITHOUT ROWID;

        -- Rows of a source that could not be used.
        CREATE TABLE skipped(
            seq INTEGER PRIMARY KEY,
            job INTEGER NOT NULL,
            position TEXT NOT NULL,
            reason TEXT NOT NULL);
        """,
        """
        -- Which videos of a job's source belong to another job: listing the source again counts none of them twice.
        CREATE TABLE known(
            job INTEGER NOT NULL,
            item INTEGER NOT NULL,
            PRIMARY KEY(job, item)) WITHOUT ROWID;
        CREATE UNIQUE INDEX skipped_position ON skipped(job, position);

        -- Lists of ended items come in id order.
        DROP INDEX item_ended;
        CREATE INDEX item_ended ON item(outcome, kind, id) WHERE outcome <> 0;

        -- Videos whose clips are all settled and that nobody has ended yet: none, but for a moment or after a crash.
        CREATE INDEX item_settled ON item(seq) WHERE outcome = 1 AND kind = 1 AND open_children = 0;
        """,
        """
        -- What thresholds look at, beside the item: a million clips are judged anew without opening their measurements.
        ALTER TABLE item ADD COLUMN measured INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE item ADD COLUMN category INTEGER;
        ALTER TABLE item ADD COLUMN refused INTEGER;
        ALTER TABLE item ADD COLUMN border REAL;
        ALTER TABLE item ADD COLUMN words INTEGER;
        ALTER TABLE item ADD COLUMN aesthetic REAL;
        ALTER TABLE item ADD COLUMN technical_shipped REAL;
        ALTER TABLE item ADD COLUMN technical_corrected REAL;
        UPDATE item SET
            measured = COALESCE((SELECT SUM(1 << m.stage) FROM measurement m WHERE m.item = item.seq), 0),
            refused = (SELECT json_extract(m.scores, '$.refused') FROM measurement m WHERE m.item = item.seq AND m.stage = 11),
            category = (SELECT CASE json_extract(m.data, '$.category') WHEN 'teaching' THEN 0 WHEN 'clinical practice' THEN 1 WHEN 'popular science' THEN 2
                WHEN 'animation' THEN 3 WHEN 'imaging' THEN 4 END FROM measurement m WHERE m.item = item.seq AND m.stage = 11),
            border = (SELECT MAX(json_extract(m.scores, '$.top'), json_extract(m.scores, '$.bottom'), json_extract(m.scores, '$.left'), json_extract(m.scores, '$.right'))
                FROM measurement m WHERE m.item = item.seq AND m.stage = 12),
            words = (SELECT json_extract(m.scores, '$.words') FROM measurement m WHERE m.item = item.seq AND m.stage = 13),
            aesthetic = (SELECT json_extract(m.scores, '$.score') FROM measurement m WHERE m.item = item.seq AND m.stage = 14),
            technical_shipped = (SELECT json_extract(m.scores, '$.overallAsShipped') FROM measurement m WHERE m.item = item.seq AND m.stage = 15),
            technical_corrected = (SELECT json_extract(m.scores, '$.overallCorrected') FROM measurement m WHERE m.item = item.seq AND m.stage = 15)
        WHERE kind = 2;

        -- Words of captions, by the item's number.
        CREATE VIRTUAL TABLE caption_search USING fts5(text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');
        INSERT INTO caption_search(rowid, text)
            SELECT item, json_extract(data, '$.brief') || ' ' || json_extract(data, '$.detailed') FROM measurement WHERE stage = 11 AND json_extract(data, '$.brief') IS NOT NULL;

        -- Captions that a person replaced, with what was there before.
        CREATE TABLE caption_edit(
            seq INTEGER PRIMARY KEY,
            item INTEGER NOT NULL,
            at INTEGER NOT NULL,
            editor TEXT NOT NULL,
            before_data TEXT NOT NULL,
            after_data TEXT NOT NULL);
        CREATE INDEX caption_edit_item ON caption_edit(item, seq);

        -- What stages finished, by minute (span 60) and by hour (span 3600); busy is in slot-seconds.
        CREATE TABLE throughput(
            span INTEGER NOT NULL,
            start INTEGER NOT NULL,
            stage INTEGER NOT NULL,
            job INTEGER NOT NULL,
            passed INTEGER NOT NULL,
            rejected INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            busy REAL NOT NULL,
            PRIMARY KEY(span, start, stage, job)) WITHOUT ROWID;

        -- Audits of a stage: samples drawn by seed, marked by raters (0 clean, 1 slightly noisy, 2 noisy).
        CREATE TABLE audit(
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            stage INTEGER NOT NULL,
            job INTEGER,
            seed INTEGER NOT NULL,
            size INTEGER NOT NULL,
            population INTEGER NOT NULL,
            created_at INTEGER NOT NULL);
        CREATE TABLE audit_sample(
            audit INTEGER NOT NULL,
            position INTEGER NOT NULL,
            item INTEGER NOT NULL,
            PRIMARY KEY(audit, position)) WITHOUT ROWID;
        CREATE TABLE audit_mark(
            audit INTEGER NOT NULL,
            rater TEXT NOT NULL,
            position INTEGER NOT NULL,
            mark INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY(audit, rater, position)) WITHOUT ROWID;
        """,
        """
        -- Items that are due by slot: a shard of a cluster takes its own, at whatever stage.
        CREATE INDEX item_slot ON item(job, (COALESCE(parent, seq) % 64), kind, due_at, seq) WHERE outcome = 0;
        """,
        """
        -- How often in a row a worker died with the item.
        ALTER TABLE item ADD COLUMN strikes INTEGER NOT NULL DEFAULT 0;
        """,
        SqliteGenerationSchema.Step,
    ];

    /// <summary>Brings the schema up to date. Several processes may do so at the same moment: the first one does the work.</summary>
    /// <exception cref="LedgerException">The file belongs to a newer version or to another program.</exception>
    /// <param name="upTo">For tests: how far an older program would have come.</param>
    public static void Apply(SqliteConnection connection, int? upTo = null)
    {
        if (Version(connection) == Steps.Length)
        {
            return;
        }

        using var transaction = connection.BeginTransaction(deferred: false);
        var version = Version(connection);
        if (version > Steps.Length)
        {
            throw new LedgerException(
                $"The ledger was written by a newer MedGenCluster (schema {version}, this one knows {Steps.Length}). Use that version, or another --data directory.");
        }

        if (version == 0)
        {
            connection.Execute("CREATE TABLE IF NOT EXISTS schema_version(version INTEGER NOT NULL)", transaction: transaction);
        }

        for (var step = version; step < (upTo ?? Steps.Length); step++)
        {
            connection.Execute(Steps[step], transaction: transaction);
            connection.Execute("INSERT INTO schema_version(version) VALUES (@Version)", new { Version = step + 1 }, transaction);
        }

        transaction.Commit();
    }

    private static int Version(SqliteConnection connection)
    {
        var tables = connection.Query<string>("SELECT name FROM sqlite_master WHERE type = 'table'").ToList();
        return tables.Contains("schema_version")
            ? connection.ExecuteScalar<int?>("SELECT MAX(version) FROM schema_version") ?? 0
            : tables.Count == 0
                ? 0
                : throw new LedgerException("The file is a database of another program, not a MedGenCluster ledger; name another --data directory.");
    }
}
