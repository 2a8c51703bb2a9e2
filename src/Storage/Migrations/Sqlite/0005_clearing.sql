-- The open day: all before it are closed. 0 (0001-01-01) before the first closing. See ARCHITECTURE.md, "Clearing".
CREATE TABLE clearing_days (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    open_day INTEGER NOT NULL
) STRICT;

INSERT INTO clearing_days VALUES (1, 0);

-- The open day of each batch: its entries count on that day at the earliest. Covered by the batch's hash.
ALTER TABLE batches ADD COLUMN open_day INTEGER NOT NULL DEFAULT 0;

-- For the clearing and the statistics of some days.
CREATE INDEX deltas_day ON deltas (day);
