-- What error texts taught about the two clocks of a grant.
ALTER TABLE grants ADD COLUMN issue_code TEXT;
ALTER TABLE grants ADD COLUMN issue_learned_at INTEGER;
ALTER TABLE grants ADD COLUMN issue_limit INTEGER;
ALTER TABLE grants ADD COLUMN sign_in_code TEXT;
ALTER TABLE grants ADD COLUMN sign_in_learned_at INTEGER;
ALTER TABLE grants ADD COLUMN sign_in_limit INTEGER;

-- The circuits that are open: what holds several grants back for one reason.
CREATE TABLE circuits (
  circuit         TEXT    PRIMARY KEY,
  reach           TEXT    NOT NULL,
  next_attempt_at INTEGER NOT NULL,
  failures        INTEGER NOT NULL,
  verdicts        INTEGER NOT NULL,
  failing_since   INTEGER,
  last_attempt_at INTEGER,
  last_outcome    TEXT,
  kind            TEXT,
  error           TEXT,
  code            TEXT,
  suberror        TEXT,
  message         TEXT
) STRICT, WITHOUT ROWID;
