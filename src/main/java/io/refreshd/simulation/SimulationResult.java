package io.refreshd.simulation;

import io.refreshd.rotation.Alert;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How a play went.
 *
 * @param start when it began
 * @param end when it was over
 * @param grants what became of each, in the order in which they were given
 * @param redemptions how many requests were made
 * @param busiestSecond with the most of them
 * @param busiestMinute likewise
 * @param busiestHour likewise
 * @param alerts what people were told, in order; by the world's clock, whatever the daemon's was
 */
public record SimulationResult(
    Instant start,
    Instant end,
    List<Fate> grants,
    long redemptions,
    Peak busiestSecond,
    Peak busiestMinute,
    Peak busiestHour,
    List<Alert> alerts) {

  public SimulationResult {
    grants = List.copyOf(grants);
    alerts = List.copyOf(alerts);
  }

  /** Those that died, the first death first. */
  public List<Fate> deaths() {
    record Dead(Fate fate, Instant at) {}
    return grants.stream()
        .flatMap(
            fate ->
                Optional.ofNullable(fate.death()).map(death -> new Dead(fate, death.at())).stream())
        .sorted(Comparator.comparing(Dead::at).thenComparing(dead -> dead.fate().grant()))
        .map(Dead::fate)
        .toList();
  }

  /** The grant whose token grew the oldest; empty if there is no grant. */
  public Optional<Fate> oldest() {
    return grants.stream()
        .max(
            Comparator.comparing(Fate::oldest)
                .thenComparing(Fate::grant, Comparator.reverseOrder()));
  }

  public long rotations() {
    return grants.stream().mapToLong(Fate::rotations).sum();
  }

  public long failures() {
    return grants.stream().mapToLong(Fate::failures).sum();
  }
}
