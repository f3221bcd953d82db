-- What people were told of each cause, as it was told. Without subjects it is over, and only
-- remembered for a while.
CREATE TABLE open_alerts (
  cause        TEXT    PRIMARY KEY,
  since        INTEGER NOT NULL,
  raised_at    INTEGER NOT NULL,
  last_told_at INTEGER NOT NULL,
  level        TEXT    NOT NULL,
  rung         INTEGER NOT NULL,
  subjects     BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- The outbox: alerts on their way, one row for each channel.
CREATE TABLE deliveries (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  channel         TEXT    NOT NULL,
  cause           TEXT    NOT NULL,
  change          TEXT    NOT NULL,
  alert           BLOB    NOT NULL,
  attempts        INTEGER NOT NULL,
  next_attempt_at INTEGER NOT NULL,
  taken_until     INTEGER, -- null: nobody delivers it just now
  last_error      TEXT
) STRICT;

CREATE INDEX deliveries_of_cause ON deliveries (channel, cause);

-- Through which channel people know that a cause stands: it is to deliver the recovery.
CREATE TABLE told_causes (
  channel TEXT NOT NULL,
  cause   TEXT NOT NULL,
  PRIMARY KEY (channel, cause)
) STRICT, WITHOUT ROWID;
