package io.refreshd.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is played.
 *
 * @param start when the play begins, by the world's clock; whole seconds
 * @param length how long it lasts
 * @param incidents what goes wrong, in any order
 */
public record Scenario(Instant start, Duration length, List<Incident> incidents) {

  public Scenario {
    incidents = List.copyOf(incidents);
    if (!start.equals(start.truncatedTo(ChronoUnit.SECONDS))) {
      throw new IllegalArgumentException("a play starts with a whole second, not at " + start);
    }
  }

  /** When it is over. */
  public Instant end() {
    return start.plus(length);
  }

  /** The incidents of one kind. */
  <T extends Incident> Stream<T> all(Class<T> kind) {
    return incidents.stream().filter(kind::isInstance).map(kind::cast);
  }
}
