package io.refreshd.simulation;

import io.refreshd.grant.Grant;
import io.refreshd.grant.Selector;
import io.refreshd.rotation.AlertRules;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Entry;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Plays of 400 days, and the documented rules by which their times can be reckoned by hand. */
final class Stage {

  static final Instant START = MutableClock.START;
  static final Duration LENGTH = Duration.ofDays(400);
  static final Limits LIMITS = new Limits(16, 4);
  static final AlertRules RULES =
      new AlertRules(
          Stream.of(30L, 14L, 7L, 3L, 1L).map(Duration::ofDays).toList(), Duration.ofDays(14));
  static final Selector EVERYBODY = Selector.parse("*/*");

  private Stage() {}

  /** What a play of one part of a fleet left behind. */
  record Played(List<Fate> fates, List<Entry> entries) {
    List<Instant> times() {
      return entries.stream().map(Entry::at).toList();
    }
  }

  static Scenario scenario(Incident... incidents) {
    return new Scenario(START, LENGTH, Arrays.asList(incidents));
  }

  static SimulationResult result(List<Member> fleet, Incident... incidents) {
    return new Simulation((cron, after) -> Instant.MAX, LIMITS, RULES)
        .play(fleet, scenario(incidents));
  }

  /** With every entry of the rotation log. */
  static Played play(List<Member> fleet, @Nullable AlertRules rules, Incident... incidents) {
    Scenario scenario = scenario(incidents);
    List<Entry> entries = new ArrayList<>();
    Play play =
        new Play(
            scenario,
            (cron, after) -> Instant.MAX,
            LIMITS,
            rules,
            new Rates(scenario.start(), scenario.length()),
            (entry, kept) -> entries.add(entry));
    return new Played(play.play(fleet).fates(), entries);
  }

  static List<Member> enrolled(List<Grant> grants) {
    return grants.stream().map(grant -> new Member(grant, null, Circuits.NONE)).toList();
  }

  /** 12 markets with two grants each. */
  static List<Member> fleet() {
    return enrolled(Grants.fleet(12));
  }

  static Instant day(long day) {
    return START.plus(Duration.ofDays(day));
  }

  /** The time between two rotations: rotate-every, moved by a tenth of itself at most. */
  static Duration interval(Grant grant) {
    return moved(Duration.ofDays(7), 0.10, grant.name().toString());
  }

  /** A delay, moved by the hash of a text. */
  static Duration moved(Duration delay, double share, String text) {
    return Duration.ofMillis(Math.round(delay.toMillis() * (1 + share * slot(text))));
  }

  /** The first four bytes of the SHA-256, as a number between -1 and 1. */
  private static double slot(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(hash).getInt() / 2147483648d;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
