package io.refreshd.rotation;

import io.refreshd.grant.Generation;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.Identity;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A new current generation and everything that becomes true with it.
 *
 * @param grant whose
 * @param expected the number of the current generation that it builds on; 0 if there was none
 * @param expectedFingerprint of that generation's token: after {@code forget} and {@code import}
 *     the same number is another one's; {@code null} if there was none, or an older refreshd
 *     spooled it
 * @param current the new current generation, of a higher number
 * @param previous what is kept beside it: the generation that was presented; {@code null} if none
 * @param signedInAt when a person last signed in, from now on; {@code null} if nobody knows
 * @param nextAttemptAt when to rotate next
 * @param identity whose grant it is from now on
 * @param learned what the server taught about its clocks, as it stands from now on
 * @param circuits what becomes of the circuits with it
 * @param entries for the rotation log, in order
 */
public record Commit(
    GrantName grant,
    int expected,
    @Nullable String expectedFingerprint,
    Generation current,
    @Nullable Generation previous,
    @Nullable Instant signedInAt,
    Instant nextAttemptAt,
    Identity identity,
    Learned learned,
    CircuitChanges circuits,
    List<Entry> entries) {

  /** The events that bring a generation. */
  private static final Set<Event> BRINGS = EnumSet.of(Event.IMPORTED, Event.ROTATED);

  public Commit {
    entries = List.copyOf(entries);
    if (entries.stream().noneMatch(entry -> BRINGS.contains(entry.event()))) {
      throw new IllegalArgumentException(grant + ": a commit that does not say what brought it");
    }
  }

  /** The grant's standing after it: good, by the event that brought the generation. */
  public Standing standing() {
    Entry last = entries.stream().filter(e -> BRINGS.contains(e.event())).reduce((a, b) -> b).get();
    return Standing.good(last.at(), last.event());
  }
}
