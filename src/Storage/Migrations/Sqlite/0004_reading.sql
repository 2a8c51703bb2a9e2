-- In which batch an entry is: entries of a batch have consecutive ids. See ARCHITECTURE.md, "Events".
CREATE INDEX batches_first_entry ON batches (first_entry);
