package io.refreshd.rotation;

import io.refreshd.grant.GrantName;
import org.jspecify.annotations.Nullable;

/**
 * A generation of a grant that was seen elsewhere than in the store.
 *
 * @param grant whose
 * @param generation its number
 * @param fingerprint of its token; {@code null} if that was not told
 * @param spent whether it was presented, and nobody saw the answer
 * @param where it was seen, for a person
 */
public record Sighting(
    GrantName grant, int generation, @Nullable String fingerprint, boolean spent, String where) {

  /** Whether it shows that what the record knows as the newest generation is not, or is spent. */
  boolean outdates(GrantRecord record) {
    return generation > record.generation()
        || (generation == record.generation() && (spent || isOther(record.fingerprint())));
  }

  /** Whether it shows that a commit builds on another generation, or that another one followed. */
  boolean contradicts(Commit commit) {
    int number = commit.current().number();
    return generation > number
        || (generation == number && (spent || isOther(commit.current().token().fingerprint())))
        || (generation == commit.expected() && isOther(commit.expectedFingerprint()));
  }

  private boolean isOther(@Nullable String known) {
    return fingerprint != null && !fingerprint.equals(known);
  }
}
