-- Ways to read entries by batch and by time that cost an insert next to nothing. See ARCHITECTURE.md, "Events".

-- Where each batch begins: one row a batch. Its other entries lie behind it.
CREATE INDEX entries_batch_start ON entries (batch) WHERE position = 0;

-- Block ranges: for batches that do not lie together, and for the entries of a day. Chains write side by side, so a range has batches of several.
CREATE INDEX entries_batch ON entries USING brin (batch int8_minmax_multi_ops) WITH (autosummarize = on);
CREATE INDEX entries_at ON entries USING brin (at) WITH (autosummarize = on);
