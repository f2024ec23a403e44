namespace MedGenCluster.Engine.Ledger.Postgres;

/// <summary>The ledger's schema as a list of steps; each is applied once and never edited afterwards. What tables mean is said in SQLite's steps; here stands what differs.</summary>
internal static class PostgresSchema
{
    public static readonly IReadOnlyList<string> Steps =
    [
        """
        -- The clock of leases, due times and log lines, Unix milliseconds.
        CREATE FUNCTION now_ms() RETURNS BIGINT LANGUAGE sql VOLATILE AS 'SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT)';

        -- One row for each session that ever wrote: the number of its last transaction that was applied, kept in that transaction.
        CREATE TABLE writer(
            id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            turn BIGINT NOT NULL) WITH (fillfactor = 50);

        CREATE TABLE job(
            id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name TEXT NOT NULL,
            source TEXT NOT NULL,
            options TEXT NOT NULL,
            state BIGINT NOT NULL,
            listed BIGINT NOT NULL,
            found BIGINT NOT NULL,
            known BIGINT NOT NULL,
            skipped BIGINT NOT NULL,
            error TEXT,
            created_at BIGINT NOT NULL) WITH (fillfactor = 70);

        -- Texts that are ordered are ordered by their bytes, as SQLite does. The xid of the insertion is what a reader who reads on goes by: numbers are given before they are committed.
        CREATE TABLE item(
            seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id TEXT COLLATE "C" NOT NULL UNIQUE,
            kind BIGINT NOT NULL,
            job BIGINT NOT NULL,
            parent BIGINT,
            outcome BIGINT NOT NULL,
            stage BIGINT NOT NULL,
            attempts BIGINT NOT NULL,
            reason TEXT COLLATE "C",
            score DOUBLE PRECISION,
            due_at BIGINT NOT NULL,
            lease_owner TEXT COLLATE "C",
            facts TEXT NOT NULL,
            media_sha TEXT,
            media_length BIGINT,
            media_path TEXT,
            open_children BIGINT NOT NULL,
            duplicate_of TEXT,
            measured BIGINT NOT NULL DEFAULT 0,
            category BIGINT,
            refused BIGINT,
            border DOUBLE PRECISION,
            words BIGINT,
            aesthetic DOUBLE PRECISION,
            technical_shipped DOUBLE PRECISION,
            technical_corrected DOUBLE PRECISION,
            strikes BIGINT NOT NULL DEFAULT 0,
            xid XID8 NOT NULL DEFAULT pg_current_xact_id()) WITH (autovacuum_vacuum_scale_factor = 0.05);
        CREATE INDEX item_ready ON item(stage, job, due_at, seq) WHERE outcome = 0;
        CREATE INDEX item_slot ON item(job, (COALESCE(parent, seq) % 64), kind, due_at, seq) WHERE outcome = 0;
        CREATE INDEX item_leased ON item(lease_owner) WHERE lease_owner IS NOT NULL;
        CREATE INDEX item_parent ON item(parent) WHERE parent IS NOT NULL;
        CREATE INDEX item_ended ON item(outcome, kind, id) WHERE outcome <> 0;
        CREATE INDEX item_settled ON item(seq) WHERE outcome = 1 AND kind = 1 AND open_children = 0;
        CREATE INDEX item_duplicate ON item(seq) WHERE duplicate_of IS NOT NULL;
        CREATE INDEX item_xid ON item(xid);

        CREATE TABLE measurement(
            item BIGINT NOT NULL,
            stage BIGINT NOT NULL,
            stage_version BIGINT NOT NULL,
            model_version TEXT NOT NULL,
            scores TEXT NOT NULL,
            data TEXT,
            at BIGINT NOT NULL,
            PRIMARY KEY(item, stage));

        CREATE TABLE decision(
            seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            item BIGINT NOT NULL,
            stage BIGINT NOT NULL,
            verdict BIGINT NOT NULL,
            reason TEXT,
            score DOUBLE PRECISION,
            threshold DOUBLE PRECISION,
            model_version TEXT NOT NULL,
            at BIGINT NOT NULL,
            xid XID8 NOT NULL DEFAULT pg_current_xact_id());
        CREATE INDEX decision_item ON decision(item, seq);
        CREATE INDEX decision_xid ON decision(xid);

        -- Counts are updated in place by every transaction: pages with room keep the new versions beside the old ones.
        CREATE TABLE tally(
            job BIGINT NOT NULL,
            kind BIGINT NOT NULL,
            outcome BIGINT NOT NULL,
            stage BIGINT NOT NULL,
            reason TEXT COLLATE "C" NOT NULL,
            n BIGINT NOT NULL,
            PRIMARY KEY(job, kind, outcome, stage, reason)) WITH (fillfactor = 30);

        CREATE TABLE throughput(
            span BIGINT NOT NULL,
            start BIGINT NOT NULL,
            stage BIGINT NOT NULL,
            job BIGINT NOT NULL,
            passed BIGINT NOT NULL,
            rejected BIGINT NOT NULL,
            failed BIGINT NOT NULL,
            busy DOUBLE PRECISION NOT NULL,
            PRIMARY KEY(span, start, stage, job)) WITH (fillfactor = 50);

        CREATE TABLE skipped(
            seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            job BIGINT NOT NULL,
            position TEXT COLLATE "C" NOT NULL,
            reason TEXT NOT NULL);
        CREATE UNIQUE INDEX skipped_position ON skipped(job, position);

        CREATE TABLE known(
            job BIGINT NOT NULL,
            item BIGINT NOT NULL,
            PRIMARY KEY(job, item));

        CREATE TABLE caption_search(
            item BIGINT PRIMARY KEY,
            words TSVECTOR NOT NULL);
        CREATE INDEX caption_search_words ON caption_search USING gin(words);

        CREATE TABLE caption_edit(
            seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            item BIGINT NOT NULL,
            at BIGINT NOT NULL,
            editor TEXT NOT NULL,
            before_data TEXT NOT NULL,
            after_data TEXT NOT NULL);
        CREATE INDEX caption_edit_item ON caption_edit(item, seq);

        CREATE TABLE audit(
            id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name TEXT NOT NULL,
            stage BIGINT NOT NULL,
            job BIGINT,
            seed BIGINT NOT NULL,
            size BIGINT NOT NULL,
            population BIGINT NOT NULL,
            created_at BIGINT NOT NULL);
        CREATE TABLE audit_sample(
            audit BIGINT NOT NULL,
            position BIGINT NOT NULL,
            item BIGINT NOT NULL,
            PRIMARY KEY(audit, position));
        CREATE TABLE audit_mark(
            audit BIGINT NOT NULL,
            rater TEXT COLLATE "C" NOT NULL,
            position BIGINT NOT NULL,
            mark BIGINT NOT NULL,
            at BIGINT NOT NULL,
            PRIMARY KEY(audit, rater, position));
        """,
        PostgresGenerationSchema.Step,
    ];
}
