-- What sweepers look for, each with an index of its own: the first that is due of those that wait, and those that settle by themselves, which are few, in the
-- order of operations. One index of both left it to the planner, which at 06:00 went through all that waits for the few that do not.
DROP INDEX open_holds_due;
CREATE INDEX open_holds_due ON open_holds (expires_at) WHERE NOT auto_accept;
CREATE INDEX open_holds_automatic ON open_holds (operation) WHERE auto_accept;
