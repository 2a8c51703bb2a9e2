-- The ledger. Times are Unix milliseconds (UTC), the ledger's unit; amounts are fen; uuids are 16 bytes, big-endian.

CREATE TABLE chains (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    writer TEXT NOT NULL,
    partition INTEGER NOT NULL,
    opened_at INTEGER NOT NULL
) STRICT;

-- id is chain << 32 | sequence. first_entry: a batch's entries have consecutive ids, so reading by batch needs no index of its own.
CREATE TABLE batches (
    id INTEGER PRIMARY KEY,
    sealed_at INTEGER NOT NULL,
    first_entry INTEGER NOT NULL,
    entry_count INTEGER NOT NULL,
    previous_hash BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    operation BLOB NOT NULL,
    leg INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    personal_fen INTEGER NOT NULL,
    wallet_fen INTEGER NOT NULL,
    held_fen INTEGER NOT NULL,
    quota_fen INTEGER NOT NULL,
    personal_after_fen INTEGER NOT NULL,
    wallet_after_fen INTEGER NOT NULL,
    held_after_fen INTEGER NOT NULL,
    quota_after_fen INTEGER NOT NULL,
    at INTEGER NOT NULL,
    detail BLOB,
    UNIQUE (account, version),
    UNIQUE (operation, leg)
) STRICT;

CREATE TABLE deltas (
    chain INTEGER NOT NULL,
    day INTEGER NOT NULL,
    from_region INTEGER NOT NULL,
    to_region INTEGER NOT NULL,
    activity INTEGER NOT NULL,
    tier INTEGER NOT NULL,
    count INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    PRIMARY KEY (chain, day, from_region, to_region, activity, tier)
) STRICT, WITHOUT ROWID;

CREATE INDEX deltas_from ON deltas (from_region);
CREATE INDEX deltas_to ON deltas (to_region);

-- Holds without outcome: an index for sweepers, kept in the transaction that writes the entries.
CREATE TABLE open_holds (
    operation BLOB PRIMARY KEY,
    account TEXT NOT NULL,
    held_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    auto_accept INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX open_holds_due ON open_holds (auto_accept, expires_at);

CREATE TABLE snapshots (
    account TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    state BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A version is used once, whatever is cleared in between: an ETag never means two documents.
CREATE TABLE grain_state_versions (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    last INTEGER NOT NULL
) STRICT;

INSERT INTO grain_state_versions VALUES (1, 0);

CREATE TABLE grain_state (
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    payload BLOB NOT NULL,
    PRIMARY KEY (name, key)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER entries_never_updated BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'The ledger is append-only: UPDATE on entries is refused'); END;

CREATE TRIGGER entries_never_deleted BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'The ledger is append-only: DELETE on entries is refused'); END;

CREATE TRIGGER batches_never_updated BEFORE UPDATE ON batches
BEGIN SELECT RAISE(ABORT, 'The ledger is append-only: UPDATE on batches is refused'); END;

CREATE TRIGGER batches_never_deleted BEFORE DELETE ON batches
BEGIN SELECT RAISE(ABORT, 'The ledger is append-only: DELETE on batches is refused'); END;

-- For people with sqlite3: entries as they read.
CREATE VIEW entries_readable AS
    SELECT account, version, lower(hex(operation)) AS operation, leg, kind,
        personal_fen, wallet_fen, held_fen, quota_fen,
        personal_after_fen, wallet_after_fen, held_after_fen, quota_after_fen,
        datetime(at / 1000, 'unixepoch') AS at, CAST(detail AS TEXT) AS detail
    FROM entries;
