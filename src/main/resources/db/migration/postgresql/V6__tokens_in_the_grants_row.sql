-- The sealed tokens stand in the row of their grant: a rotation changes one row, on one page,
-- instead of two, and the row itself makes sure that a grant has exactly one current token. They
-- stand last, and the columns that all grants fill stand first.

-- Older daemons beside this one may be rotating: what they commit from here on, after what is read
-- below, would go with the old tables. They wait, and then hold what they have in their spools.
LOCK TABLE grants, tokens IN ACCESS EXCLUSIVE MODE;

-- Both tokens fit into the row, and by half a page is filled: the next version stands beside it.
CREATE TABLE whole_grants (
  tenant               TEXT    COLLATE "C" NOT NULL,
  name                 TEXT    COLLATE "C" NOT NULL,
  current              INTEGER NOT NULL CHECK (current >= 1),
  fingerprint          TEXT    NOT NULL,
  issued_at            BIGINT,
  expires_at           BIGINT,
  signed_in_at         BIGINT,
  next_attempt_at      BIGINT  NOT NULL,
  identity_tenant      TEXT,
  identity_subject     TEXT,
  previous             INTEGER CHECK (previous >= 1 AND previous < current),
  previous_fingerprint TEXT,
  previous_issued_at   BIGINT,
  previous_expires_at  BIGINT,
  failures             INTEGER NOT NULL,
  verdicts             INTEGER NOT NULL,
  failing_since        BIGINT,
  last_attempt_at      BIGINT,
  last_outcome         TEXT,
  kind                 TEXT,
  error                TEXT,
  code                 TEXT,
  suberror             TEXT,
  message              TEXT,
  issue_code           TEXT,
  issue_learned_at     BIGINT,
  issue_limit          BIGINT,
  sign_in_code         TEXT,
  sign_in_learned_at   BIGINT,
  sign_in_limit        BIGINT,
  token                BYTEA   NOT NULL,
  previous_token       BYTEA,
  PRIMARY KEY (tenant, name),
  CHECK ((previous IS NULL) = (previous_fingerprint IS NULL))
) WITH (toast_tuple_target = 8160, fillfactor = 50);

-- Sealed bytes do not compress.
ALTER TABLE whole_grants ALTER COLUMN token SET STORAGE EXTERNAL;
ALTER TABLE whole_grants ALTER COLUMN previous_token SET STORAGE EXTERNAL;

INSERT INTO whole_grants
SELECT g.tenant, g.name, g.current, g.fingerprint, g.issued_at, g.expires_at, g.signed_in_at,
       g.next_attempt_at, g.identity_tenant, g.identity_subject, g.previous,
       g.previous_fingerprint, g.previous_issued_at, g.previous_expires_at, g.failures, g.verdicts,
       g.failing_since, g.last_attempt_at, g.last_outcome, g.kind, g.error, g.code, g.suberror,
       g.message, g.issue_code, g.issue_learned_at, g.issue_limit, g.sign_in_code,
       g.sign_in_learned_at, g.sign_in_limit, t.current, t.previous
FROM grants g JOIN tokens t ON t.grant_id = g.id
ORDER BY g.tenant, g.name;

ALTER TABLE grants DROP CONSTRAINT grants_id_fkey;
DROP TABLE tokens;
DROP TABLE grants;
ALTER TABLE whole_grants RENAME TO grants;
ALTER INDEX whole_grants_pkey RENAME TO grants_pkey;

-- As before, by the first byte of the SHA-256 of the tenant's name, modulo 64.
CREATE INDEX grants_due
  ON grants ((get_byte(sha256(CAST(tenant AS bytea)), 0) & 63), next_attempt_at, tenant, name);
