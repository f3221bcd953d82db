package io.refreshd.store;

import io.refreshd.grant.Generation;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.Identity;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Attempt;
import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.CircuitChanges;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.Learned;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.Reach;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Standing;
import io.refreshd.rotation.TokenStore;
import io.refreshd.rotation.Trigger;
import io.refreshd.testing.MutableClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What the tests of the store put into it. */
record Samples(Clock clock) {

  static final GrantName LIVE = GrantName.parse("germany/live");
  static final GrantName SANDBOX = GrantName.parse("germany/sandbox");
  static final GrantName FRANCE = GrantName.parse("france/live");

  private static final Instant START = Instant.parse("2026-03-01T12:00:00.123456Z");
  private static final Instant SIGNED_IN = START.minus(Duration.ofDays(3));

  /** Time that a test turns by hand; with microseconds, so that none gets lost. */
  static MutableClock turnedByHand() {
    return new MutableClock(START);
  }

  /** As {@link System#nanoTime}, but as the clock has it. */
  static LongSupplier nanosOf(Clock clock) {
    return () -> Duration.between(Instant.EPOCH, clock.instant()).toNanos();
  }

  Instant now() {
    return clock.instant();
  }

  static String token(GrantName grant, int number) {
    return "0.AAAA-" + grant + "-" + number + "-" + "x".repeat(1200);
  }

  static String fingerprint(GrantName grant, int number) {
    return RefreshToken.of(token(grant, number)).fingerprint();
  }

  Generation generation(GrantName grant, int number) {
    return new Generation(
        number, RefreshToken.of(token(grant, number)), now(), now().plus(Duration.ofDays(90)));
  }

  LeaseTerms terms(GrantName grant) {
    return new LeaseTerms(grant, now(), now().plusSeconds(60), false);
  }

  LeaseTerms markingTerms(GrantName grant) {
    return new LeaseTerms(grant, now(), now().plusSeconds(60), true);
  }

  Commit first(GrantName grant) {
    return new Commit(
        grant,
        0,
        null,
        generation(grant, 1),
        null,
        SIGNED_IN,
        now().plus(Duration.ofDays(7)),
        new Identity("tid", "oid:someone"),
        Learned.NOTHING,
        CircuitChanges.NONE,
        List.of(rotated(grant, 1)));
  }

  Commit next(GrantName grant, int expected) {
    return new Commit(
        grant,
        expected,
        fingerprint(grant, expected),
        generation(grant, expected + 1),
        generation(grant, expected),
        SIGNED_IN,
        now().plus(Duration.ofDays(7)),
        new Identity("tid", "oid:someone"),
        Learned.NOTHING,
        CircuitChanges.NONE,
        List.of(rotated(grant, expected + 1)));
  }

  Entry rotated(GrantName grant, int number) {
    return new Entry(
        now(),
        grant,
        Event.ROTATED,
        Trigger.SCHEDULE,
        number,
        now(),
        now().plus(Duration.ofDays(90)),
        Duration.ofMillis(123),
        200,
        null,
        "correlation",
        "trace",
        "aud https://graph.microsoft.com",
        fingerprint(grant, number));
  }

  Entry refused(GrantName grant, int number) {
    return new Entry(
        now(),
        grant,
        Event.REFUSED,
        Trigger.RETRY,
        number,
        now(),
        null,
        Duration.ofMillis(45),
        400,
        refusal(),
        "correlation",
        null,
        "the server says no: \u00fcber",
        null);
  }

  static Entry.Refusal refusal() {
    return new Entry.Refusal(RefusalKind.DEAD, "invalid_grant", "700082", "bad_token");
  }

  Attempt attempt(GrantName grant, int number) {
    return new Attempt(
        grant,
        number,
        fingerprint(grant, number),
        new Attempt.Corrected(
            now().minusSeconds(9), now().plusSeconds(9), now().minusSeconds(99), learned()),
        standing(),
        now().plusSeconds(30),
        circuits(),
        List.of(refused(grant, number)));
  }

  private Standing standing() {
    return new Standing(2, 1, now().minusSeconds(60), now(), Event.REFUSED, refusal(), "no");
  }

  Learned learned() {
    return new Learned(
        new Learned.Lesson("700082", now(), null),
        new Learned.Lesson("70043", now().minusSeconds(1), Duration.ofDays(7)));
  }

  CircuitChanges circuits() {
    Instant later = now().plusSeconds(30);
    return new CircuitChanges(
        List.of(new Circuit("credential:one", Reach.CREDENTIAL, standing(), later)),
        List.of("rate:two"));
  }

  /** Leases, and commits the first generation. */
  void bringIn(TokenStore store, GrantName grant) {
    store.commit(lease(store, grant), first(grant));
  }

  /** Leases, and commits the generation after this one. */
  void rotate(TokenStore store, GrantName grant, int expected) {
    store.commit(lease(store, grant), next(grant, expected));
  }

  Lease lease(TokenStore store, GrantName grant) {
    return store.lease(terms(grant)).orElseThrow().lease();
  }

  Lease markingLease(TokenStore store, GrantName grant) {
    return store.lease(markingTerms(grant)).orElseThrow().lease();
  }

  static List<LoggedEntry> log(TokenStore store) {
    return log(store, LogQuery.after(0));
  }

  static List<LoggedEntry> log(TokenStore store, LogQuery query) {
    List<LoggedEntry> entries = new ArrayList<>();
    store.read(query, entries::add);
    return entries;
  }

  static LogQuery query(long after, @Nullable Event event, boolean failedOnly, int limit) {
    return new LogQuery(after, List.of(), null, null, event, failedOnly, limit);
  }
}
