package io.refreshd.rotation;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.testing.Grants;
import io.refreshd.testing.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A process of its own with a bound heap, in which each of so many grants has been failing for
 * weeks and ends soon by both clocks: four causes reach each of them. It looks twice.
 */
final class TroubleOfAll {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private TroubleOfAll() {}

  public static void main(String[] args) {
    Grant one = Grants.named("all/alike").signInFrequency(Duration.ofDays(90)).build();
    Grant[] fleet =
        IntStream.range(0, Integer.parseInt(args[0]))
            .mapToObj(n -> new GrantName("tenant-" + n / 100, "user-" + n % 100))
            .map(name -> named(name, one))
            .toArray(Grant[]::new);
    AlertRules rules = new AlertRules(List.of(Duration.ofDays(14)), Duration.ofDays(14));
    List<OpenAlert> open = List.of();
    for (int hour = 0; hour < 2; hour++) {
      Instant now = NOW.plus(Duration.ofHours(hour));
      AlertRules.Look look = rules.at(now);
      Arrays.stream(fleet).forEach(grant -> look.add(grant, status(grant, now)));
      AlertBook.Page page = AlertBook.compare(look.causes(), open, now);
      System.out.println(page.alerts().size() + " alerts of " + look.causes().size() + " causes");
      open = page.open();
    }
  }

  /** As in a configuration, what grants have in common is there once. */
  private static Grant named(GrantName name, Grant like) {
    return new Grant(
        name,
        like.endpoint(),
        like.client(),
        like.refreshTokens(),
        like.cadence(),
        like.lifetime(),
        like.signInFrequency(),
        like.rememberMfa());
  }

  private static GrantStatus status(Grant grant, Instant now) {
    Instant issuedAt = NOW.minus(Duration.ofDays(85));
    Standing failing = Records.failed(NOW.minus(Duration.ofDays(20)), RefusalKind.TRANSIENT);
    GrantRecord record = Records.standing(Records.issued(grant, issuedAt, now), failing);
    return GrantStatus.of(grant, Records.signedIn(record, issuedAt), Circuits.NONE, now);
  }
}
