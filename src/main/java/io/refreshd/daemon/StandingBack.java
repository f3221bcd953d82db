package io.refreshd.daemon;

import io.refreshd.rotation.Node;
import io.refreshd.store.Cluster;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a daemon that shares a store leaves rotating and alerts to the others, in words. */
final class StandingBack {

  private StandingBack() {}

  /** {@code null} if it has no reason to. */
  static @Nullable String reason(Cluster.Beat beat) {
    if (beat.schema() > beat.known()) {
      return "a newer refreshd has brought the store to schema "
          + beat.schema()
          + ", and this one knows "
          + beat.known()
          + ": it rotates nothing any more; upgrade it";
    }
    boolean isAnotherRight =
        beat.nodes().stream()
            .filter(node -> !node.name().equals(beat.self().name()))
            .anyMatch(node -> node.isAlive() && !node.isOff() && node.schema() >= beat.schema());
    if (beat.self().isOff() && isAnotherRight) {
      return clock(beat.self()) + "; it rotates nothing until that is mended, others do";
    }
    return null;
  }

  /** How a node's clock is off. */
  static String clock(Node node) {
    Duration off = node.skew().abs();
    return String.format(
        Locale.ROOT,
        "the clock of %s is %.1f s %s the database's (up to %d s are tolerated); set it by NTP, or"
            + " the database's if that is the wrong one",
        node.name(),
        off.toMillis() / 1_000d,
        node.skew().isNegative() ? "behind" : "ahead of",
        Node.SKEW_LIMIT.toSeconds());
  }
}
