-- The ledger. Times are Unix milliseconds (UTC), the ledger's unit; amounts are fen. Columns go from wide to narrow, so that no byte is lost to alignment.

CREATE TABLE chains (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    writer text NOT NULL,
    partition integer NOT NULL,
    opened_at bigint NOT NULL
);

-- id is chain << 32 | sequence. previous_hash is NULL-proof on purpose: a batch whose predecessor is not there finds no hash and is refused.
CREATE TABLE batches (
    id bigint PRIMARY KEY,
    sealed_at bigint NOT NULL,
    entry_count integer NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL
);

CREATE TABLE entries (
    version bigint NOT NULL CHECK (version > 0),
    personal_fen bigint NOT NULL,
    wallet_fen bigint NOT NULL,
    held_fen bigint NOT NULL,
    quota_fen bigint NOT NULL,
    personal_after_fen bigint NOT NULL,
    wallet_after_fen bigint NOT NULL,
    held_after_fen bigint NOT NULL,
    quota_after_fen bigint NOT NULL,
    at bigint NOT NULL,
    batch bigint NOT NULL,
    position integer NOT NULL,
    leg smallint NOT NULL,
    kind smallint NOT NULL,
    operation uuid NOT NULL,
    account text COLLATE "C" NOT NULL,
    detail bytea,
    CONSTRAINT entries_account_version PRIMARY KEY (account, version),
    CONSTRAINT entries_operation_leg UNIQUE (operation, leg)
);

-- Rows of one chain are written by one partition only: writers never wait for each other. Updates stay on their page (HOT).
CREATE TABLE deltas (
    count bigint NOT NULL,
    amount_fen bigint NOT NULL,
    chain integer NOT NULL,
    day date NOT NULL,
    from_region integer NOT NULL,
    to_region integer NOT NULL,
    activity smallint NOT NULL,
    tier smallint NOT NULL,
    CONSTRAINT deltas_key PRIMARY KEY (chain, day, from_region, to_region, activity, tier)
) WITH (fillfactor = 50);

CREATE INDEX deltas_from ON deltas (from_region);
CREATE INDEX deltas_to ON deltas (to_region);

-- Holds without outcome: an index for sweepers, kept in the transaction that writes the entries.
CREATE TABLE open_holds (
    held_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    operation uuid PRIMARY KEY,
    auto_accept boolean NOT NULL,
    account text COLLATE "C" NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.1, autovacuum_vacuum_insert_scale_factor = 1);

CREATE INDEX open_holds_due ON open_holds (auto_accept, expires_at);

CREATE TABLE snapshots (
    version bigint NOT NULL,
    account text COLLATE "C" PRIMARY KEY,
    state bytea NOT NULL
) WITH (fillfactor = 70);

-- A version is used once, whatever is cleared in between: an ETag never means two documents.
CREATE SEQUENCE grain_state_versions;

CREATE TABLE grain_state (
    version bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    payload bytea NOT NULL,
    PRIMARY KEY (name, key)
);

CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'GJ002';
END $$;

-- Per statement, so that they cost nothing on insert.
CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER batches_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON batches
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- Refuses a batch from inside a query.
CREATE FUNCTION ledger_refuse(reason text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Batch refused: %', reason USING ERRCODE = 'GJ001';
END $$;

-- For people with psql: entries as they read, newest last.
CREATE VIEW entries_readable AS
    SELECT account, version, operation, leg, kind,
        personal_fen, wallet_fen, held_fen, quota_fen,
        personal_after_fen, wallet_after_fen, held_after_fen, quota_after_fen,
        to_timestamp(at / 1000.0) AS at,
        convert_from(detail, 'UTF8') AS detail,
        (batch >> 32)::integer AS chain, batch & 4294967295 AS sequence, position
    FROM entries;
