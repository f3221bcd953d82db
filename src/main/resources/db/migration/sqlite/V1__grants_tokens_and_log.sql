-- All instants and durations are whole microseconds, instants since 1970-01-01T00:00:00Z.

-- Which key of the key file seals this store. Null until the first key is made.
CREATE TABLE meta (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  primary_key INTEGER,
  key_check   BLOB,
  CHECK ((primary_key IS NULL) = (key_check IS NULL))
) STRICT;

INSERT INTO meta (id) VALUES (1);

-- One row for each grant that has a token, so exactly one current generation for each: the foreign
-- keys make sure that its token exists, and that no token is of nobody. The columns from fingerprint
-- to expires_at are of the current generation, those called previous of the one kept beside it.
CREATE TABLE grants (
  id                   INTEGER PRIMARY KEY REFERENCES tokens (grant_id) DEFERRABLE INITIALLY DEFERRED,
  tenant               TEXT    NOT NULL,
  name                 TEXT    NOT NULL,
  current              INTEGER NOT NULL CHECK (current >= 1),
  fingerprint          TEXT    NOT NULL,
  issued_at            INTEGER,
  expires_at           INTEGER,
  previous             INTEGER CHECK (previous >= 1 AND previous < current),
  previous_fingerprint TEXT,
  previous_issued_at   INTEGER,
  previous_expires_at  INTEGER,
  signed_in_at         INTEGER,
  next_attempt_at      INTEGER NOT NULL,
  identity_tenant      TEXT,
  identity_subject     TEXT,
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
  UNIQUE (tenant, name),
  CHECK ((previous IS NULL) = (previous_fingerprint IS NULL))
) STRICT;

-- The sealed tokens, apart from grants so that a listing does not read them. What they are sealed
-- with binds each to the grant's name and the generation's number.
CREATE TABLE tokens (
  grant_id INTEGER PRIMARY KEY REFERENCES grants (id) DEFERRABLE INITIALLY DEFERRED,
  current  BLOB    NOT NULL,
  previous BLOB
) STRICT;

-- Apart from grants: a grant may be leased before it has a token.
CREATE TABLE leases (
  tenant     TEXT NOT NULL,
  name       TEXT NOT NULL,
  lease      TEXT,     -- null with owner and until: nobody has it, only a mark is left
  owner      TEXT,
  until      INTEGER,
  presented  INTEGER,  -- the generation that this lease presents to a single-use server
  unanswered INTEGER,  -- the one that an earlier lease presented and that nobody saw answered
  PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE rotation_log (
  seq            INTEGER PRIMARY KEY,
  at             INTEGER NOT NULL,
  tenant         TEXT,
  name           TEXT,
  event          TEXT    NOT NULL,
  trigger        TEXT,
  generation     INTEGER,
  issued_at      INTEGER,
  expires_at     INTEGER,
  duration       INTEGER,
  http_status    INTEGER,
  kind           TEXT,
  error          TEXT,
  code           TEXT,
  suberror       TEXT,
  correlation_id TEXT,
  trace_id       TEXT,
  message        TEXT,
  fingerprint    TEXT,
  hash           TEXT    NOT NULL
) STRICT;
