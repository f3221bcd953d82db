package io.refreshd.rotation;

import io.refreshd.grant.Cadence;
import io.refreshd.grant.Client.Credential;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a grant dies, if everything stays as it is.
 *
 * @param grant which
 * @param diesAt when its last token is no more; in the past if it is dead
 * @param because why no rotation prevents it
 */
public record Forecast(GrantName grant, Instant diesAt, String because) {

  /** An attempt ends later than it was sent, which is when a token counts as issued. */
  private static final Duration LONGEST_EXCHANGE = Duration.ofMinutes(1);

  /** Puts the first to die first. */
  public static final Comparator<Forecast> FIRST_TO_DIE =
      Comparator.comparing(Forecast::diesAt).thenComparing(Forecast::grant);

  /**
   * When a grant dies; empty if it lives as long as it is rotated.
   *
   * @param grant {@code null} if none is configured
   */
  public static Optional<Forecast> find(GrantStatus status, @Nullable Grant grant) {
    Clocks clocks = status.clocks();
    if (clocks == null) {
      return Optional.empty();
    }
    List<Forecast> ends = new ArrayList<>();
    add(ends, status, clocks.signInExpiresAt(), signIn(clocks));
    add(ends, status, clocks.expiresAt(), stuck(status));
    if (grant != null) {
      addCredentials(ends, status, grant, clocks);
    }
    return ends.stream().min(Comparator.comparing(Forecast::diesAt));
  }

  private static void add(
      List<Forecast> ends, GrantStatus status, @Nullable Instant at, @Nullable String because) {
    if (at != null && because != null) {
      ends.add(new Forecast(status.grant(), at, because));
    }
  }

  private static String signIn(Clocks clocks) {
    Clocks.Rule rule = clocks.signInRule();
    return "its sign-in ends, and no rotation renews it"
        + (rule == null ? "" : " (" + rule.source() + ")");
  }

  /** Why its token is not replaced; {@code null} if it is. */
  private static @Nullable String stuck(GrantStatus status) {
    RefusalKind kind = status.reason().kind();
    return switch (status.state()) {
      case NEW -> null;
      case HEALTHY -> isStandingStill(status) ? "its last rotation did not extend it" : null;
      case UNCONFIGURED -> "no configuration names it";
      case EXPIRED -> kind == null ? "it was not replaced in time" : failing(kind);
      case RETRYING, NEEDS_CONSENT, BLOCKED -> kind == null ? null : failing(kind);
    };
  }

  /** Whether its clock went on when a rotation brought a token. */
  private static boolean isStandingStill(GrantStatus status) {
    Clocks clocks = status.clocks();
    Instant issuedAt = clocks == null ? null : clocks.issuedAt();
    Instant last = status.reason().lastAttemptAt();
    return issuedAt != null
        && last != null
        && status.reason().lastOutcome() == Event.ROTATED
        && Duration.between(issuedAt, last).compareTo(LONGEST_EXCHANGE) > 0;
  }

  private static String failing(RefusalKind kind) {
    return "no rotation succeeds (" + kind.word() + ")";
  }

  /** Without a credential nothing is rotated: what was issued last lives on for its lifetime. */
  private static void addCredentials(
      List<Forecast> ends, GrantStatus status, Grant grant, Clocks clocks) {
    Instant end = end(grant.client().credentials());
    if (end == null) {
      return;
    }
    Instant last = end.minus(interval(grant)).plus(grant.lifetime());
    Instant now = clocks.expiresAt();
    Instant dies = now != null && now.isAfter(last) ? now : last;
    add(ends, status, dies, "its client's last credential ends " + end);
  }

  /** When the last of them ends; {@code null} if nobody knows, or one has no end. */
  private static @Nullable Instant end(List<Credential> credentials) {
    Instant latest = null;
    for (Credential credential : credentials) {
      Instant end = credential.expiresAt();
      if (end == null) {
        return null;
      }
      latest = latest == null || end.isAfter(latest) ? end : latest;
    }
    return latest;
  }

  private static Duration interval(Grant grant) {
    return grant.cadence() instanceof Cadence.Every every
        ? every.interval()
        : grant.lifetime().dividedBy(3);
  }
}
