-- What a region may owe others net, and the parts of its headroom that chains may use. See ARCHITECTURE.md, "Regions with a cap".

CREATE TABLE escrow_caps (
    region INTEGER PRIMARY KEY,
    cap_fen INTEGER CHECK (cap_fen >= 0), -- NULL: none
    revision INTEGER NOT NULL, -- of the rules that set it: a change that comes late never undoes a later one
    debt_fen INTEGER NOT NULL CHECK (debt_fen >= 0) -- net debt when the cap was set: it may be past a lower cap, and only shrinks from there
) STRICT;

CREATE TABLE escrow_slices (
    region INTEGER NOT NULL,
    chain INTEGER NOT NULL,
    granted_fen INTEGER NOT NULL,
    used_fen INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (region, chain),
    CHECK (used_fen >= 0 AND used_fen <= granted_fen)
) STRICT, WITHOUT ROWID;
