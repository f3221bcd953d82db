package io.refreshd.rotation;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Alert.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What holds for deliveries in every store: how long they wait, when they are stale. Pure. */
public final class Outbox {

  /** So many deliveries wait at most; then the oldest make room. */
  public static final int LIMIT = 10_000;

  /** How long a delivery that was taken is left alone, longer than any channel tries. */
  public static final Duration FLIGHT = Duration.ofMinutes(2);

  //                          delay              elapsed
  private static final List<Duration> DELAYS =
      List.of(
          Duration.ofSeconds(30), //     0:00:30
          Duration.ofMinutes(1), //      0:01:30
          Duration.ofMinutes(5), //      0:06:30
          Duration.ofMinutes(15), //     0:21:30
          Duration.ofHours(1)); //       1:21:30, and so on every hour

  private static final Duration GIVE_UP = Duration.ofDays(7);

  private Outbox() {}

  /**
   * The latest end that a flight has which began by a right clock, and some more, for clocks differ
   * a little. One that ends later began while the clock was ahead, and is over.
   */
  public static Instant latestFlight(Instant now) {
    return now.plus(FLIGHT.multipliedBy(2));
  }

  /** Likewise the latest instant that an attempt was put off to; beyond it one is due. */
  public static Instant latestAttempt(Instant now) {
    return now.plus(DELAYS.get(DELAYS.size() - 1)).plus(FLIGHT);
  }

  /**
   * A delivery that waits, as far as its neighbours matter.
   *
   * @param takenUntil how long it is left to whoever took it; {@code null} if nobody did, or if its
   *     outcome is known
   */
  public record Waiting(long id, Change change, @Nullable Instant takenUntil) {

    /** Whether it is being delivered just now. */
    public boolean isInFlight(Instant now) {
      return takenUntil != null
          && takenUntil.isAfter(now)
          && !takenUntil.isAfter(latestFlight(now));
    }

    /** Whether somebody took it and died before he said what became of it. */
    boolean isAbandoned(Instant now) {
      return takenUntil != null && !isInFlight(now);
    }
  }

  /**
   * What follows from a failed attempt.
   *
   * @param retry what waits from now on; {@code null} if it is given up
   * @param entries for the rotation log: only the first failure and the end are told
   */
  public record Failure(@Nullable Delivery retry, List<Entry> entries) {
    public Failure {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Which deliveries have become pointless: of one cause through one channel only the newest
   * matters, and nobody needs a recovery who cannot have been told of the trouble. What is in
   * flight is left to its outcome.
   *
   * @param waiting those of one cause and channel, the oldest first
   * @param told whether the channel delivered that the cause stands, or may have
   * @return their ids
   */
  public static List<Long> stale(List<Waiting> waiting, boolean told, Instant now) {
    List<Long> stale = new ArrayList<>();
    int newest = waiting.size() - 1;
    for (int i = 0; i < newest; i++) {
      if (!waiting.get(i).isInFlight(now)) {
        stale.add(waiting.get(i).id());
      }
    }
    boolean alone = stale.size() == newest;
    if (newest >= 0 && alone && !told && isNeedlessRecovery(waiting.get(newest), now)) {
      stale.add(waiting.get(newest).id());
    }
    return stale;
  }

  private static boolean isNeedlessRecovery(Waiting waiting, Instant now) {
    return waiting.change() == Change.RECOVERED && !waiting.isInFlight(now);
  }

  /**
   * Whether the channel may have delivered that the cause stands, and died before it could say so.
   *
   * @param waiting those of one cause and channel
   */
  public static boolean mayBeTold(List<Waiting> waiting, Instant now) {
    return waiting.stream()
        .anyMatch(one -> one.change() != Change.RECOVERED && one.isAbandoned(now));
  }

  /** What follows from an attempt that failed. */
  public static Failure afterFailure(Delivery delivery, String why, Instant at) {
    int attempts = delivery.attempts() + 1;
    Instant next = at.plus(DELAYS.get(Math.min(attempts, DELAYS.size()) - 1));
    if (next.isAfter(delivery.alert().at().plus(GIVE_UP))) {
      String end = "given up after " + attempts + " attempts: " + why;
      return new Failure(null, List.of(undelivered(delivery, end, at)));
    }
    Delivery retry =
        new Delivery(delivery.id(), delivery.channel(), delivery.alert(), attempts, next, why);
    return new Failure(
        retry,
        attempts == 1
            ? List.of(undelivered(delivery, "not delivered, it is retried: " + why, at))
            : List.of());
  }

  /** Whether it waits for longer than anything is tried. */
  public static boolean isOverdue(Delivery delivery, Instant now) {
    return now.isAfter(delivery.alert().at().plus(GIVE_UP));
  }

  /** The entry that people were told. */
  public static Entry delivered(Delivery delivery, Instant at) {
    return entry(delivery, Event.ALERTED, "", at);
  }

  /** The entry that they were not. */
  public static Entry undelivered(Delivery delivery, String why, Instant at) {
    return entry(delivery, Event.ALERT_FAILED, ": " + why, at);
  }

  private static Entry entry(Delivery delivery, Event event, String text, Instant at) {
    Alert alert = delivery.alert();
    String through = " [" + delivery.channel() + "]";
    return Entry.of(at, grant(alert), event, alert.title() + through + text);
  }

  private static @Nullable GrantName grant(Alert alert) {
    return alert.concerns().size() == 1 && Topic.of(alert.cause()).isAboutGrants()
        ? GrantName.parse(alert.concerns().get(0).subject())
        : null;
  }
}
