package io.refreshd.rotation;

import io.refreshd.grant.GrantName;
import java.time.Instant;
import java.util.List;

/**
 * A failed attempt and what follows from it. The tokens stay as they are.
 *
 * @param grant whose
 * @param generation the current generation's number; the attempt counts only if it still is
 * @param standing after the attempt
 * @param nextAttemptAt when to try again
 * @param entries for the rotation log, in order
 */
public record Attempt(
    GrantName grant,
    int generation,
    Standing standing,
    Instant nextAttemptAt,
    List<Entry> entries) {

  public Attempt {
    entries = List.copyOf(entries);
  }
}
