-- To read entries by time and by batch. Block ranges, not a tree: they cost an insert a fourth of what a tree would. Chains write side by side, so
-- a range of blocks has batches of several. See ARCHITECTURE.md, "Events".
CREATE INDEX entries_at_batch ON entries USING brin (at, batch int8_minmax_multi_ops) WITH (autosummarize = on);
