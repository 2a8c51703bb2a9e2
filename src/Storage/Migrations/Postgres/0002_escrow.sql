-- What a region may owe others net, and the parts of its headroom that chains may use. See ARCHITECTURE.md, "Regions with a cap".

CREATE TABLE escrow_caps (
    region integer PRIMARY KEY,
    cap_fen bigint CHECK (cap_fen >= 0), -- NULL: none
    revision bigint NOT NULL, -- of the rules that set it: a change that comes late never undoes a later one
    debt_fen bigint NOT NULL CHECK (debt_fen >= 0) -- net debt when the cap was set: it may be past a lower cap, and only shrinks from there
);

CREATE TABLE escrow_slices (
    region integer NOT NULL,
    chain integer NOT NULL,
    granted_fen bigint NOT NULL,
    used_fen bigint NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (region, chain),
    CHECK (used_fen >= 0 AND used_fen <= granted_fen)
) WITH (fillfactor = 50);
