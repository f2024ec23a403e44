namespace MedGenCluster.Engine.Ledger.Sqlite;

/// <summary>The step that brings batch generations and training runs.</summary>
internal static class SqliteGenerationSchema
{
    public const string Step =
        """
        -- Batch generations: their prompts, and an item for each prompt, model and seed. Counts change in the transaction that changes the item.
        CREATE TABLE generation(
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            plan_key TEXT NOT NULL UNIQUE,
            settings TEXT NOT NULL,
            state INTEGER NOT NULL,
            items INTEGER NOT NULL,
            done INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            busy REAL NOT NULL,
            created_at INTEGER NOT NULL,
            ended_at INTEGER);
        CREATE TABLE generation_prompt(
            job INTEGER NOT NULL,
            position INTEGER NOT NULL,
            id TEXT NOT NULL,
            category TEXT,
            text TEXT NOT NULL,
            line INTEGER NOT NULL,
            PRIMARY KEY(job, position)) WITHOUT ROWID;
        CREATE TABLE generation_item(
            seq INTEGER PRIMARY KEY,
            job INTEGER NOT NULL,
            model INTEGER NOT NULL,
            prompt INTEGER NOT NULL,
            seed INTEGER NOT NULL,
            state INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            strikes INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            lease_owner TEXT,
            reason TEXT,
            media_sha TEXT,
            media_length INTEGER,
            facts TEXT,
            seconds REAL NOT NULL);
        CREATE UNIQUE INDEX generation_item_once ON generation_item(job, model, prompt, seed);
        CREATE INDEX generation_item_ready ON generation_item(job, due_at, seq) WHERE state < 2;
        CREATE INDEX generation_item_leased ON generation_item(lease_owner) WHERE lease_owner IS NOT NULL;

        -- Training runs; what happens to a run is TrainingLifecycle's.
        CREATE TABLE training(
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            settings TEXT NOT NULL,
            phase INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            operation TEXT,
            until_at INTEGER NOT NULL,
            not_before INTEGER NOT NULL,
            reason TEXT,
            kind TEXT,
            hint TEXT,
            step INTEGER NOT NULL,
            steps INTEGER NOT NULL,
            loss REAL,
            busy REAL NOT NULL,
            code_version TEXT,
            prepared TEXT,
            checkpoint_step INTEGER,
            checkpoint_sha TEXT,
            model_sha TEXT,
            model_length INTEGER,
            model_path TEXT,
            created_at INTEGER NOT NULL,
            started_at INTEGER,
            ended_at INTEGER);

        -- One row for each optimiser step: what an attempt repeats after its checkpoint replaces what the lost attempt wrote.
        CREATE TABLE training_step(
            run INTEGER NOT NULL,
            step INTEGER NOT NULL,
            loss REAL NOT NULL,
            lr REAL,
            grad_norm REAL,
            seconds REAL,
            rate REAL,
            memory_mb REAL,
            PRIMARY KEY(run, step)) WITHOUT ROWID;
        CREATE TABLE training_checkpoint(
            run INTEGER NOT NULL,
            step INTEGER NOT NULL,
            name TEXT NOT NULL,
            media_sha TEXT NOT NULL,
            media_length INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY(run, step)) WITHOUT ROWID;
        CREATE TABLE training_clip(
            run INTEGER NOT NULL,
            step INTEGER NOT NULL,
            prompt_key TEXT NOT NULL,
            prompt TEXT NOT NULL,
            seed INTEGER NOT NULL,
            media_sha TEXT NOT NULL,
            media_length INTEGER NOT NULL,
            PRIMARY KEY(run, step, prompt_key, seed)) WITHOUT ROWID;
        """;
}
