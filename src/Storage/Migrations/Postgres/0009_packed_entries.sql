-- Entries as they are cheapest to write and to read back: accounts by number, what no query asks for in one value, and one key of an operation for each of its legs
-- but the answer to a transfer that was held in the same batch. See ARCHITECTURE.md, "Rows of entries".

-- The server asks its tables row by row in a session of this program; whole tables are gone through here.
SET LOCAL enable_seqscan = on;

-- The number is in the index of names too: who asks for it need not read the table.
CREATE TABLE accounts (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    CONSTRAINT accounts_name UNIQUE (name) INCLUDE (number)
);

INSERT INTO accounts (name) SELECT DISTINCT account FROM entries ORDER BY account;

DROP VIEW entries_readable;
ALTER TABLE entries RENAME TO entries_by_name;
ALTER TABLE entries_by_name RENAME CONSTRAINT entries_account_version TO entries_by_name_account_version;
ALTER TABLE entries_by_name RENAME CONSTRAINT entries_operation_leg TO entries_by_name_operation_leg;
DROP INDEX entries_at_batch;

-- body: amounts 4 × int8, balances 4 × int8, whether there is a detail (1) or not (0), the length of the account's name int2, that name, the detail. Big-endian.
-- Of the opening of a transfer that was received or declined in the same batch: where that is (answer_account, answer_version). That row has answers_along set,
-- and is found through the opening alone: it is not in the index of operations.
CREATE TABLE entries (
    account bigint NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    at bigint NOT NULL,
    batch bigint NOT NULL,
    answer_account bigint,
    answer_version bigint,
    operation uuid NOT NULL,
    position integer NOT NULL,
    leg smallint NOT NULL,
    kind smallint NOT NULL,
    answers_along boolean NOT NULL,
    body bytea NOT NULL CHECK (length(body) >= 67),
    outcome bytea CHECK (length(outcome) >= 80)
);

INSERT INTO entries
    SELECT a.number, e.version, e.at, e.batch, NULL, NULL, e.operation, e.position, e.leg, e.kind, false,
        int8send(e.personal_fen) || int8send(e.wallet_fen) || int8send(e.held_fen) || int8send(e.quota_fen)
            || int8send(e.personal_after_fen) || int8send(e.wallet_after_fen) || int8send(e.held_after_fen) || int8send(e.quota_after_fen)
            || (CASE WHEN e.detail IS NULL THEN '\x00'::bytea ELSE '\x01'::bytea END)
            || int2send(length(convert_to(e.account, 'UTF8'))::smallint) || convert_to(e.account, 'UTF8') || coalesce(e.detail, ''),
        e.outcome
    FROM entries_by_name e JOIN accounts a ON a.name = e.account
    ORDER BY e.batch, e.position;

DROP TABLE entries_by_name;
ALTER TABLE entries ADD CONSTRAINT entries_account_version PRIMARY KEY (account, version);
CREATE UNIQUE INDEX entries_operation_leg ON entries (operation, leg) WHERE NOT answers_along;
CREATE INDEX entries_at_batch ON entries USING brin (at, batch int8_minmax_multi_ops) WITH (autosummarize = on);
CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- The detail of a body, or NULL.
CREATE FUNCTION ledger_detail(body bytea) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN get_byte(body, 64) = 1 THEN substring(body FROM 68 + ledger_int2(body, 65)) END;

CREATE VIEW entries_readable AS
    SELECT a.name AS account, e.version, e.operation, e.leg, e.kind,
        ledger_int8(e.body, 0) AS personal_fen, ledger_int8(e.body, 8) AS wallet_fen, ledger_int8(e.body, 16) AS held_fen, ledger_int8(e.body, 24) AS quota_fen,
        ledger_int8(e.body, 32) AS personal_after_fen, ledger_int8(e.body, 40) AS wallet_after_fen,
        ledger_int8(e.body, 48) AS held_after_fen, ledger_int8(e.body, 56) AS quota_after_fen,
        to_timestamp(e.at / 1000.0) AS at,
        convert_from(ledger_detail(e.body), 'UTF8') AS detail,
        (e.batch >> 32)::integer AS chain, e.batch & 4294967295 AS sequence, e.position
    FROM entries e JOIN accounts a ON a.number = e.account
    UNION ALL
    SELECT a.name, e.version + 1, e.operation, ledger_int2(e.outcome, 0), ledger_int2(e.outcome, 2),
        ledger_int8(e.outcome, 16), ledger_int8(e.outcome, 24), ledger_int8(e.outcome, 32), ledger_int8(e.outcome, 40),
        ledger_int8(e.outcome, 48), ledger_int8(e.outcome, 56), ledger_int8(e.outcome, 64), ledger_int8(e.outcome, 72),
        to_timestamp(ledger_int8(e.outcome, 8) / 1000.0),
        convert_from(nullif(substring(e.outcome FROM 81), ''), 'UTF8'),
        (e.batch >> 32)::integer, e.batch & 4294967295, ledger_int2(e.outcome, 4) * 65536 + (ledger_int2(e.outcome, 6) & 65535)
    FROM entries e JOIN accounts a ON a.number = e.account WHERE e.outcome IS NOT NULL;
