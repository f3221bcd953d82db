package io.refreshd.rotation;

import io.refreshd.grant.Grant;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A grant that may be in trouble, as a look sees it.
 *
 * @param circuit the open circuit that holds it back; {@code null} if none does
 * @param now the instant of the look
 */
record GrantCase(
    Grant grant, GrantRecord record, Clocks clocks, @Nullable Circuit circuit, Instant now) {

  String name() {
    return grant.name().toString();
  }

  /** How the attempts have gone: its own, or those at the circuit that holds it. */
  Standing standing() {
    Standing own = record.reason();
    return circuit == null || isItsOwnMatter(own, circuit) ? own : circuit.standing();
  }

  /** A failure of before that nothing confirmed says less than the circuit that stops the grant. */
  private static boolean isItsOwnMatter(Standing own, Circuit circuit) {
    if (own.kind() == null || own.kind() == RefusalKind.CONFIGURATION) {
      return false;
    }
    return !circuit.isStopping() || own.isConfirmed() || own.kind() == RefusalKind.LOST_ANSWER;
  }

  /**
   * What only a person can mend, once it was confirmed; {@code null} if it was not. A configuration
   * error stands as long as its circuit holds the grant: a changed configuration is tried anew.
   */
  @Nullable Topic verdict() {
    Standing standing = standing();
    RefusalKind kind = standing.kind();
    if (kind == RefusalKind.LOST_ANSWER) {
      return Topic.LOST_ANSWER;
    }
    if (kind == null || !standing.isConfirmed()) {
      return null;
    }
    if (kind != RefusalKind.CONFIGURATION) {
      boolean byConsent = kind.verdict() == RefusalKind.Verdict.CONSENT;
      return byConsent ? Topic.NEEDS_CONSENT : Topic.BLOCKED;
    }
    if (circuit == null) {
      return null;
    }
    return circuit.reach() == Reach.GRANT ? Topic.BLOCKED : Topic.CIRCUIT;
  }

  /** What grants with the same verdict have in common: the circuit, the code, else the host. */
  String reason(Topic verdict) {
    Entry.Refusal why = standing().why();
    String code = why == null ? null : why.code();
    return switch (verdict) {
      case CIRCUIT -> circuit == null ? host() : circuit.key();
      case LOST_ANSWER -> host();
      default -> code == null ? host() : code;
    };
  }

  /** The host of its token endpoint. */
  String host() {
    String host = grant.endpoint().base().getHost();
    return host == null ? grant.endpoint().base().toString() : host;
  }

  /** The clock that ended first: a second one that ends later does not make it another cause. */
  Topic endedClock() {
    return clocks.ruling() == Told.Which.SIGN_IN ? Topic.SIGN_IN_CLOCK : Topic.ISSUE_CLOCK;
  }

  /** When it will be too late, as far as that topic goes; {@code null} if nobody knows. */
  @Nullable Instant until(Topic topic) {
    return switch (topic) {
      case ISSUE_CLOCK -> clocks.expiresAt();
      case SIGN_IN_CLOCK -> clocks.signInExpiresAt();
      default -> clocks.deadline();
    };
  }

  /** Since when its token is the current one; {@code null} if nobody knows. */
  @Nullable Instant lastSuccess() {
    Standing own = record.standing();
    Instant issuedAt = record.issuedAt();
    return own.failures() == 0 && own.lastAttemptAt() != null ? own.lastAttemptAt() : issuedAt;
  }
}
