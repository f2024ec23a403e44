namespace MedGenCluster.Engine.Ledger.Postgres;

/// <summary>The step that brings batch generations and training runs.</summary>
internal static class PostgresGenerationSchema
{
    // What the tables mean is said in SQLite's step.
    public const string Step =
        """
        CREATE TABLE generation(
            id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name TEXT NOT NULL,
            plan_key TEXT NOT NULL UNIQUE,
            settings TEXT NOT NULL,
            state BIGINT NOT NULL,
            items BIGINT NOT NULL,
            done BIGINT NOT NULL,
            failed BIGINT NOT NULL,
            busy DOUBLE PRECISION NOT NULL,
            created_at BIGINT NOT NULL,
            ended_at BIGINT);
        CREATE TABLE generation_prompt(
            job BIGINT NOT NULL,
            position BIGINT NOT NULL,
            id TEXT NOT NULL,
            category TEXT,
            text TEXT NOT NULL,
            line BIGINT NOT NULL,
            PRIMARY KEY(job, position));
        CREATE TABLE generation_item(
            seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            job BIGINT NOT NULL,
            model BIGINT NOT NULL,
            prompt BIGINT NOT NULL,
            seed BIGINT NOT NULL,
            state BIGINT NOT NULL,
            attempts BIGINT NOT NULL,
            strikes BIGINT NOT NULL,
            due_at BIGINT NOT NULL,
            lease_owner TEXT COLLATE "C",
            reason TEXT,
            media_sha TEXT,
            media_length BIGINT,
            facts TEXT,
            seconds DOUBLE PRECISION NOT NULL);
        CREATE UNIQUE INDEX generation_item_once ON generation_item(job, model, prompt, seed);
        CREATE INDEX generation_item_ready ON generation_item(job, due_at, seq) WHERE state < 2;
        CREATE INDEX generation_item_leased ON generation_item(lease_owner) WHERE lease_owner IS NOT NULL;

        CREATE TABLE training(
            id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name TEXT NOT NULL,
            settings TEXT NOT NULL,
            phase BIGINT NOT NULL,
            attempts BIGINT NOT NULL,
            operation TEXT,
            until_at BIGINT NOT NULL,
            not_before BIGINT NOT NULL,
            reason TEXT,
            kind TEXT,
            hint TEXT,
            step BIGINT NOT NULL,
            steps BIGINT NOT NULL,
            loss DOUBLE PRECISION,
            busy DOUBLE PRECISION NOT NULL,
            code_version TEXT,
            prepared TEXT,
            checkpoint_step BIGINT,
            checkpoint_sha TEXT,
            model_sha TEXT,
            model_length BIGINT,
            model_path TEXT,
            created_at BIGINT NOT NULL,
            started_at BIGINT,
            ended_at BIGINT);

        CREATE TABLE training_step(
            run BIGINT NOT NULL,
            step BIGINT NOT NULL,
            loss DOUBLE PRECISION NOT NULL,
            lr DOUBLE PRECISION,
            grad_norm DOUBLE PRECISION,
            seconds DOUBLE PRECISION,
            rate DOUBLE PRECISION,
            memory_mb DOUBLE PRECISION,
            PRIMARY KEY(run, step));
        CREATE TABLE training_checkpoint(
            run BIGINT NOT NULL,
            step BIGINT NOT NULL,
            name TEXT NOT NULL,
            media_sha TEXT NOT NULL,
            media_length BIGINT NOT NULL,
            at BIGINT NOT NULL,
            PRIMARY KEY(run, step));
        CREATE TABLE training_clip(
            run BIGINT NOT NULL,
            step BIGINT NOT NULL,
            prompt_key TEXT NOT NULL,
            prompt TEXT NOT NULL,
            seed BIGINT NOT NULL,
            media_sha TEXT NOT NULL,
            media_length BIGINT NOT NULL,
            PRIMARY KEY(run, step, prompt_key, seed));
        """;
}
