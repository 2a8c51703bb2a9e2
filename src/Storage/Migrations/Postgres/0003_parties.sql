-- An operation may have several open parts: a payment's own, and one for each relative whose money it draws.

ALTER TABLE open_holds ADD COLUMN leg smallint NOT NULL DEFAULT 1;
ALTER TABLE open_holds ALTER COLUMN leg DROP DEFAULT;
ALTER TABLE open_holds DROP CONSTRAINT open_holds_pkey;
ALTER TABLE open_holds ADD PRIMARY KEY (operation, leg);
