-- Which grants of a partition are due, without a look at the others. Partitions are made of the
-- tenants' names: the first byte of the SHA-256, modulo 64.
CREATE INDEX grants_due
  ON grants ((get_byte(sha256(CAST(tenant AS bytea)), 0) & 63), next_attempt_at, id);

-- Which daemon wrote the entry; null of older entries.
ALTER TABLE rotation_log ADD COLUMN node TEXT;

-- The daemons that share this store. Each says every few seconds that it is there; by the clock of
-- the database, so that nobody's own clock has a say in who lives.
CREATE TABLE nodes (
  owner      TEXT    COLLATE "C" PRIMARY KEY, -- as in leases
  version    TEXT    NOT NULL,
  schema     INTEGER NOT NULL,                -- the newest that it knows
  skew       BIGINT  NOT NULL,                -- how far its clock is ahead of the database's
  started_at BIGINT  NOT NULL,
  seen_at    BIGINT  NOT NULL
);

-- The tables of Quartz's clustered job store, as Quartz 2.5 wants them (tables_postgres.sql there,
-- without the indexes for listings that nobody asks for).
CREATE TABLE quartz_job_details (
  sched_name        VARCHAR(120) NOT NULL,
  job_name          VARCHAR(200) NOT NULL,
  job_group         VARCHAR(200) NOT NULL,
  description       VARCHAR(250),
  job_class_name    VARCHAR(250) NOT NULL,
  is_durable        BOOL         NOT NULL,
  is_nonconcurrent  BOOL         NOT NULL,
  is_update_data    BOOL         NOT NULL,
  requests_recovery BOOL         NOT NULL,
  job_data          BYTEA,
  PRIMARY KEY (sched_name, job_name, job_group)
);

CREATE TABLE quartz_triggers (
  sched_name     VARCHAR(120) NOT NULL,
  trigger_name   VARCHAR(200) NOT NULL,
  trigger_group  VARCHAR(200) NOT NULL,
  job_name       VARCHAR(200) NOT NULL,
  job_group      VARCHAR(200) NOT NULL,
  description    VARCHAR(250),
  next_fire_time BIGINT,
  prev_fire_time BIGINT,
  priority       INTEGER,
  trigger_state  VARCHAR(16)  NOT NULL,
  trigger_type   VARCHAR(8)   NOT NULL,
  start_time     BIGINT       NOT NULL,
  end_time       BIGINT,
  calendar_name  VARCHAR(200),
  misfire_instr  SMALLINT,
  job_data       BYTEA,
  PRIMARY KEY (sched_name, trigger_name, trigger_group),
  FOREIGN KEY (sched_name, job_name, job_group)
  REFERENCES quartz_job_details (sched_name, job_name, job_group)
);

CREATE TABLE quartz_simple_triggers (
  sched_name      VARCHAR(120) NOT NULL,
  trigger_name    VARCHAR(200) NOT NULL,
  trigger_group   VARCHAR(200) NOT NULL,
  repeat_count    BIGINT       NOT NULL,
  repeat_interval BIGINT       NOT NULL,
  times_triggered BIGINT       NOT NULL,
  PRIMARY KEY (sched_name, trigger_name, trigger_group),
  FOREIGN KEY (sched_name, trigger_name, trigger_group)
  REFERENCES quartz_triggers (sched_name, trigger_name, trigger_group)
);

CREATE TABLE quartz_cron_triggers (
  sched_name      VARCHAR(120) NOT NULL,
  trigger_name    VARCHAR(200) NOT NULL,
  trigger_group   VARCHAR(200) NOT NULL,
  cron_expression VARCHAR(120) NOT NULL,
  time_zone_id    VARCHAR(80),
  PRIMARY KEY (sched_name, trigger_name, trigger_group),
  FOREIGN KEY (sched_name, trigger_name, trigger_group)
  REFERENCES quartz_triggers (sched_name, trigger_name, trigger_group)
);

CREATE TABLE quartz_simprop_triggers (
  sched_name    VARCHAR(120)   NOT NULL,
  trigger_name  VARCHAR(200)   NOT NULL,
  trigger_group VARCHAR(200)   NOT NULL,
  str_prop_1    VARCHAR(512),
  str_prop_2    VARCHAR(512),
  str_prop_3    VARCHAR(512),
  int_prop_1    INT,
  int_prop_2    INT,
  long_prop_1   BIGINT,
  long_prop_2   BIGINT,
  dec_prop_1    NUMERIC(13, 4),
  dec_prop_2    NUMERIC(13, 4),
  bool_prop_1   BOOL,
  bool_prop_2   BOOL,
  PRIMARY KEY (sched_name, trigger_name, trigger_group),
  FOREIGN KEY (sched_name, trigger_name, trigger_group)
  REFERENCES quartz_triggers (sched_name, trigger_name, trigger_group)
);

CREATE TABLE quartz_blob_triggers (
  sched_name    VARCHAR(120) NOT NULL,
  trigger_name  VARCHAR(200) NOT NULL,
  trigger_group VARCHAR(200) NOT NULL,
  blob_data     BYTEA,
  PRIMARY KEY (sched_name, trigger_name, trigger_group),
  FOREIGN KEY (sched_name, trigger_name, trigger_group)
  REFERENCES quartz_triggers (sched_name, trigger_name, trigger_group)
);

CREATE TABLE quartz_calendars (
  sched_name    VARCHAR(120) NOT NULL,
  calendar_name VARCHAR(200) NOT NULL,
  calendar      BYTEA        NOT NULL,
  PRIMARY KEY (sched_name, calendar_name)
);

CREATE TABLE quartz_paused_trigger_grps (
  sched_name    VARCHAR(120) NOT NULL,
  trigger_group VARCHAR(200) NOT NULL,
  PRIMARY KEY (sched_name, trigger_group)
);

CREATE TABLE quartz_fired_triggers (
  sched_name        VARCHAR(120) NOT NULL,
  entry_id          VARCHAR(95)  NOT NULL,
  trigger_name      VARCHAR(200) NOT NULL,
  trigger_group     VARCHAR(200) NOT NULL,
  instance_name     VARCHAR(200) NOT NULL,
  fired_time        BIGINT       NOT NULL,
  sched_time        BIGINT       NOT NULL,
  priority          INTEGER      NOT NULL,
  state             VARCHAR(16)  NOT NULL,
  job_name          VARCHAR(200),
  job_group         VARCHAR(200),
  is_nonconcurrent  BOOL,
  requests_recovery BOOL,
  PRIMARY KEY (sched_name, entry_id)
);

CREATE TABLE quartz_scheduler_state (
  sched_name        VARCHAR(120) NOT NULL,
  instance_name     VARCHAR(200) NOT NULL,
  last_checkin_time BIGINT       NOT NULL,
  checkin_interval  BIGINT       NOT NULL,
  PRIMARY KEY (sched_name, instance_name)
);

CREATE TABLE quartz_locks (
  sched_name VARCHAR(120) NOT NULL,
  lock_name  VARCHAR(40)  NOT NULL,
  PRIMARY KEY (sched_name, lock_name)
);

CREATE INDEX quartz_triggers_next ON quartz_triggers (sched_name, trigger_state, next_fire_time);
CREATE INDEX quartz_triggers_job ON quartz_triggers (sched_name, job_name, job_group);
CREATE INDEX quartz_fired_by ON quartz_fired_triggers (sched_name, instance_name);
CREATE INDEX quartz_fired_job ON quartz_fired_triggers (sched_name, job_name, job_group);
CREATE INDEX quartz_fired_trigger ON quartz_fired_triggers (sched_name, trigger_name, trigger_group);
