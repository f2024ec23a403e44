-- What Orleans keeps in PostgreSQL. Only OrleansQuery's names are given by the provider, which reads the text of every other statement from it.
CREATE TABLE IF NOT EXISTS OrleansQuery (
    QueryKey text PRIMARY KEY,
    QueryText text NOT NULL
);

-- One row for each cluster: every change of its members steps the version, which is the membership protocol's optimistic lock.
CREATE TABLE IF NOT EXISTS orleans_cluster (
    deployment_id text PRIMARY KEY,
    version integer NOT NULL
);

CREATE TABLE IF NOT EXISTS orleans_silo (
    deployment_id text NOT NULL REFERENCES orleans_cluster ON DELETE CASCADE,
    address text NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    silo_name text NOT NULL,
    host_name text NOT NULL,
    status integer NOT NULL,
    proxy_port integer NOT NULL,
    suspect_times text,
    start_time timestamptz NOT NULL,
    i_am_alive_time timestamptz NOT NULL,
    PRIMARY KEY (deployment_id, address, port, generation)
);

-- A grain's key is two numbers and a text, of which some are empty; an absent text is stored as '' so that the key can be primary.
-- A version counts the writes of a row and is the grain's ETag.
CREATE TABLE IF NOT EXISTS orleans_grain_state (
    service_id text NOT NULL,
    grain_type text NOT NULL,
    id_n0 bigint NOT NULL,
    id_n1 bigint NOT NULL,
    id_text text NOT NULL,
    payload bytea,
    version integer NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service_id, grain_type, id_n0, id_n1, id_text)
) WITH (fillfactor = 80);

CREATE TABLE IF NOT EXISTS orleans_reminder (
    service_id text NOT NULL,
    grain_id text NOT NULL,
    reminder_name text NOT NULL,
    grain_hash integer NOT NULL,
    start_time timestamptz NOT NULL,
    period_ms bigint NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (service_id, grain_id, reminder_name)
);

CREATE INDEX IF NOT EXISTS orleans_reminder_by_hash ON orleans_reminder (service_id, grain_hash);
