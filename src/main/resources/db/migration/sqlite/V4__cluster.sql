-- Which grants are due, without a look at the others.
CREATE INDEX grants_due ON grants (next_attempt_at);

-- Which daemon wrote the entry; null where there is only one, and of older entries.
ALTER TABLE rotation_log ADD COLUMN node TEXT;
