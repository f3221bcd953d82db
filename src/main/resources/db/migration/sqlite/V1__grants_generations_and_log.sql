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
-- keys make sure that it and the previous one exist.
CREATE TABLE grants (
  id               INTEGER PRIMARY KEY,
  tenant           TEXT    NOT NULL,
  name             TEXT    NOT NULL,
  current          INTEGER NOT NULL,
  previous         INTEGER CHECK (previous < current),
  signed_in_at     INTEGER,
  next_attempt_at  INTEGER NOT NULL,
  identity_tenant  TEXT,
  identity_subject TEXT,
  failures         INTEGER NOT NULL,
  verdicts         INTEGER NOT NULL,
  failing_since    INTEGER,
  last_attempt_at  INTEGER,
  last_outcome     TEXT,
  kind             TEXT,
  error            TEXT,
  code             TEXT,
  suberror         TEXT,
  message          TEXT,
  UNIQUE (tenant, name),
  FOREIGN KEY (id, current) REFERENCES generations (grant_id, number) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (id, previous) REFERENCES generations (grant_id, number) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE INDEX grants_by_next_attempt ON grants (tenant, next_attempt_at);

-- The token of a generation is sealed; the grant's name and the number are its associated data.
CREATE TABLE generations (
  grant_id    INTEGER NOT NULL REFERENCES grants (id) DEFERRABLE INITIALLY DEFERRED,
  number      INTEGER NOT NULL CHECK (number >= 1),
  sealed      BLOB    NOT NULL,
  fingerprint TEXT    NOT NULL,
  issued_at   INTEGER,
  expires_at  INTEGER,
  PRIMARY KEY (grant_id, number)
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
