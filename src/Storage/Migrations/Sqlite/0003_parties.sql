-- An operation may have several open parts: a payment's own, and one for each relative whose money it draws.

CREATE TABLE open_parts (
    operation BLOB NOT NULL,
    leg INTEGER NOT NULL,
    account TEXT NOT NULL,
    held_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    auto_accept INTEGER NOT NULL,
    PRIMARY KEY (operation, leg)
) STRICT, WITHOUT ROWID;

INSERT INTO open_parts SELECT operation, 1, account, held_at, expires_at, auto_accept FROM open_holds;
DROP TABLE open_holds;
ALTER TABLE open_parts RENAME TO open_holds;
CREATE INDEX open_holds_due ON open_holds (auto_accept, expires_at);
