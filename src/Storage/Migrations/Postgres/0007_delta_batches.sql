-- The deltas of one batch, as it came: one row that is written once, where adding to a row of deltas for each pair of regions costs as much as a tenth of
-- the batch. They are added to deltas for many batches at a time; until then both are read together (delta_parts).
CREATE TABLE delta_batches (
    batch bigint PRIMARY KEY,
    days date[] NOT NULL,
    from_regions integer[] NOT NULL,
    to_regions integer[] NOT NULL,
    activities smallint[] NOT NULL,
    tiers smallint[] NOT NULL,
    counts bigint[] NOT NULL,
    amounts_fen bigint[] NOT NULL
);

-- All deltas: what is read. A sum per key may be in several rows.
CREATE VIEW delta_parts AS
    SELECT chain, day, from_region, to_region, activity, tier, count, amount_fen FROM deltas
    UNION ALL
    SELECT (b.batch >> 32)::integer, p.day, p.from_region, p.to_region, p.activity, p.tier, p.count, p.amount_fen
    FROM delta_batches b,
        unnest(b.days, b.from_regions, b.to_regions, b.activities, b.tiers, b.counts, b.amounts_fen)
            AS p(day, from_region, to_region, activity, tier, count, amount_fen);
