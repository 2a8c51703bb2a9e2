-- The entry that ends what its row's entry opened, when one batch has both: same account, same operation, next version. A transfer that is settled at
-- once is two rows then, not three. Big-endian: leg int2, kind int2, position int4, at int8, amounts 4 × int8, balances 4 × int8, then the detail, if any.
-- See ARCHITECTURE.md, "Two entries in one row".
ALTER TABLE entries ADD COLUMN outcome bytea CHECK (length(outcome) >= 80);

CREATE FUNCTION ledger_int8(bytes bytea, at integer) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ('x' || encode(substring(bytes FROM at + 1 FOR 8), 'hex'))::bit(64)::bigint;

CREATE FUNCTION ledger_int2(bytes bytea, at integer) RETURNS smallint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (get_byte(bytes, at) * 256 + get_byte(bytes, at + 1))::smallint;

CREATE OR REPLACE VIEW entries_readable AS
    SELECT account, version, operation, leg, kind,
        personal_fen, wallet_fen, held_fen, quota_fen,
        personal_after_fen, wallet_after_fen, held_after_fen, quota_after_fen,
        to_timestamp(at / 1000.0) AS at,
        convert_from(detail, 'UTF8') AS detail,
        (batch >> 32)::integer AS chain, batch & 4294967295 AS sequence, position
    FROM entries
    UNION ALL
    SELECT account, version + 1, operation, ledger_int2(outcome, 0), ledger_int2(outcome, 2),
        ledger_int8(outcome, 16), ledger_int8(outcome, 24), ledger_int8(outcome, 32), ledger_int8(outcome, 40),
        ledger_int8(outcome, 48), ledger_int8(outcome, 56), ledger_int8(outcome, 64), ledger_int8(outcome, 72),
        to_timestamp(ledger_int8(outcome, 8) / 1000.0),
        convert_from(nullif(substring(outcome FROM 81), ''), 'UTF8'),
        (batch >> 32)::integer, batch & 4294967295, ledger_int2(outcome, 4) * 65536 + (ledger_int2(outcome, 6) & 65535)
    FROM entries WHERE outcome IS NOT NULL;
