-- What error texts taught about the two clocks of a grant.
ALTER TABLE grants ADD COLUMN issue_code TEXT;
ALTER TABLE grants ADD COLUMN issue_learned_at BIGINT;
ALTER TABLE grants ADD COLUMN issue_limit BIGINT;
ALTER TABLE grants ADD COLUMN sign_in_code TEXT;
ALTER TABLE grants ADD COLUMN sign_in_learned_at BIGINT;
ALTER TABLE grants ADD COLUMN sign_in_limit BIGINT;

-- The circuits that are open: what holds several grants back for one reason.
CREATE TABLE circuits (
  circuit         TEXT    COLLATE "C" PRIMARY KEY,
  reach           TEXT    NOT NULL,
  next_attempt_at BIGINT  NOT NULL,
  failures        INTEGER NOT NULL,
  verdicts        INTEGER NOT NULL,
  failing_since   BIGINT,
  last_attempt_at BIGINT,
  last_outcome    TEXT,
  kind            TEXT,
  error           TEXT,
  code            TEXT,
  suberror        TEXT,
  message         TEXT
);
