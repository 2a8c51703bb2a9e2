-- The open day: all before it are closed. -infinity before the first closing. See ARCHITECTURE.md, "Clearing".
CREATE TABLE clearing_days (
    only_row integer PRIMARY KEY CHECK (only_row = 1),
    open_day date NOT NULL
);

INSERT INTO clearing_days VALUES (1, '-infinity');

-- The open day of each batch: its entries count on that day at the earliest. Covered by the batch's hash.
ALTER TABLE batches ADD COLUMN open_day date NOT NULL DEFAULT '-infinity';

-- For the clearing and the statistics of some days.
CREATE INDEX deltas_day ON deltas (day);
