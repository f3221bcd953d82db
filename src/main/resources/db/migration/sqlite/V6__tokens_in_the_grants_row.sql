-- The sealed tokens stand in the row of their grant: a rotation changes one row, on one page,
-- instead of two, and the row itself makes sure that a grant has exactly one current token. They
-- stand last, and the columns that all grants fill stand first.
CREATE TABLE whole_grants (
  tenant               TEXT    NOT NULL,
  name                 TEXT    NOT NULL,
  current              INTEGER NOT NULL CHECK (current >= 1),
  fingerprint          TEXT    NOT NULL,
  issued_at            INTEGER,
  expires_at           INTEGER,
  signed_in_at         INTEGER,
  next_attempt_at      INTEGER NOT NULL,
  identity_tenant      TEXT,
  identity_subject     TEXT,
  previous             INTEGER CHECK (previous >= 1 AND previous < current),
  previous_fingerprint TEXT,
  previous_issued_at   INTEGER,
  previous_expires_at  INTEGER,
  failures             INTEGER NOT NULL,
  verdicts             INTEGER NOT NULL,
  failing_since        INTEGER,
  last_attempt_at      INTEGER,
  last_outcome         TEXT,
  kind                 TEXT,
  error                TEXT,
  code                 TEXT,
  suberror             TEXT,
  message              TEXT,
  issue_code           TEXT,
  issue_learned_at     INTEGER,
  issue_limit          INTEGER,
  sign_in_code         TEXT,
  sign_in_learned_at   INTEGER,
  sign_in_limit        INTEGER,
  token                BLOB    NOT NULL,
  previous_token       BLOB,
  PRIMARY KEY (tenant, name),
  CHECK ((previous IS NULL) = (previous_fingerprint IS NULL))
) STRICT;

INSERT INTO whole_grants
SELECT g.tenant, g.name, g.current, g.fingerprint, g.issued_at, g.expires_at, g.signed_in_at,
       g.next_attempt_at, g.identity_tenant, g.identity_subject, g.previous,
       g.previous_fingerprint, g.previous_issued_at, g.previous_expires_at, g.failures, g.verdicts,
       g.failing_since, g.last_attempt_at, g.last_outcome, g.kind, g.error, g.code, g.suberror,
       g.message, g.issue_code, g.issue_learned_at, g.issue_limit, g.sign_in_code,
       g.sign_in_learned_at, g.sign_in_limit, t.current, t.previous
FROM grants g JOIN tokens t ON t.grant_id = g.id
ORDER BY g.tenant, g.name;

DROP TABLE tokens;
DROP TABLE grants;
ALTER TABLE whole_grants RENAME TO grants;

CREATE INDEX grants_due ON grants (next_attempt_at, tenant, name);
