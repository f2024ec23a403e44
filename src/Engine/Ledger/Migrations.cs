using Dapper;
using Microsoft.Data.Sqlite;

namespace MedGenCluster.Engine.Ledger;

/// <summary>The ledger's schema as a list of steps; each is applied once, in one transaction, and never edited afterwards.</summary>
internal static class Migrations
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
    ];

    /// <summary>Brings the schema up to date. Several processes may do so at the same moment: the first one does the work.</summary>
    /// <exception cref="LedgerException">The file belongs to a newer version or to another program.</exception>
    public static void Apply(SqliteConnection connection)
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

        for (var step = version; step < Steps.Length; step++)
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
