-- The store adds new blocks of entries to their index by time and batch itself, a few at a time. Vacuum, and what autosummarize asks of it, would go through a whole minute's
-- rows at once, as fast as a processor can: on a small server everybody waited meanwhile. Nor need it go through the keys of entries: what was rolled back is all there is to take out of them,
-- and the keys get rid of that when they need the room.

ALTER INDEX entries_at_batch SET (autosummarize = off);
ALTER TABLE entries SET (vacuum_index_cleanup = off);

-- Nor does the planner need to know more of entries than this: every statement looks them up by a key, or reads them all. What is gathered for it was read from 30,000 rows each time.
ALTER TABLE entries
    ALTER COLUMN account SET STATISTICS 10, ALTER COLUMN version SET STATISTICS 10, ALTER COLUMN at SET STATISTICS 10, ALTER COLUMN batch SET STATISTICS 10,
    ALTER COLUMN answer_account SET STATISTICS 10, ALTER COLUMN answer_version SET STATISTICS 10, ALTER COLUMN operation SET STATISTICS 10, ALTER COLUMN position SET STATISTICS 10,
    ALTER COLUMN leg SET STATISTICS 10, ALTER COLUMN kind SET STATISTICS 10, ALTER COLUMN answers_along SET STATISTICS 10, ALTER COLUMN body SET STATISTICS 0, ALTER COLUMN outcome SET STATISTICS 0;
