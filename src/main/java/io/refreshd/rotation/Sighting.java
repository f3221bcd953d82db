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
    boolean isOther = fingerprint != null && !fingerprint.equals(record.fingerprint());
    return generation > record.generation()
        || (generation == record.generation() && (spent || isOther));
  }
}
