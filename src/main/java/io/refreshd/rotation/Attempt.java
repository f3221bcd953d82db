package io.refreshd.rotation;

import io.refreshd.grant.GrantName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A failed attempt and what follows from it. The tokens stay as they are.
 *
 * @param grant whose
 * @param generation the current generation's number; the attempt counts only if it still is
 * @param fingerprint of that generation's token: after {@code forget} and {@code import} the same
 *     number is another one's
 * @param corrected the clocks, as they stand after what the answer taught
 * @param standing after the attempt
 * @param nextAttemptAt when to try again
 * @param circuits what becomes of the circuits with it
 * @param entries for the rotation log, in order
 */
public record Attempt(
    GrantName grant,
    int generation,
    String fingerprint,
    Corrected corrected,
    Standing standing,
    Instant nextAttemptAt,
    CircuitChanges circuits,
    List<Entry> entries) {

  public Attempt {
    entries = List.copyOf(entries);
  }

  /**
   * What is known of the clocks from now on.
   *
   * @param issuedAt of the current generation; {@code null} if nobody knows
   * @param expiresAt of the current generation; {@code null} as {@code issuedAt}
   * @param signedInAt when a person last signed in; {@code null} if nobody said
   * @param learned what the server taught
   */
  public record Corrected(
      @Nullable Instant issuedAt,
      @Nullable Instant expiresAt,
      @Nullable Instant signedInAt,
      Learned learned) {

    /** As the record has it. */
    public static Corrected none(GrantRecord record) {
      return new Corrected(
          record.issuedAt(), record.expiresAt(), record.signedInAt(), record.learned());
    }
  }
}
