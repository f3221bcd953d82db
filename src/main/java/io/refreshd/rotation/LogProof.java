package io.refreshd.rotation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a look at the whole rotation log came to.
 *
 * @param entries how many were read
 * @param last the number of the newest, 0 if there is none
 * @param hash of the newest; {@code null} if there is none
 * @param head the number of the newest entry by the head that is kept apart; {@code null} without
 * @param unproven why the head's seal was not looked at; {@code null} if it was
 * @param faults by number; of very many only the first
 * @param more how many places of fault beyond those
 * @param restores where the log says that the store became another, by number
 */
public record LogProof(
    long entries,
    long last,
    @Nullable String hash,
    @Nullable Long head,
    @Nullable String unproven,
    List<LogFault> faults,
    long more,
    List<LogRestore> restores) {

  public LogProof {
    faults = List.copyOf(faults);
    restores = List.copyOf(restores);
  }

  /** Whether nothing was found. */
  public boolean isProven() {
    return faults.isEmpty() && more == 0;
  }
}
