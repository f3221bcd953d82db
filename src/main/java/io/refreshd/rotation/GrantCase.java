package io.refreshd.rotation;

import io.refreshd.grant.Grant;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A grant that may be in trouble, as a look sees it.
 *
 * @param circuit the open circuit that holds it; {@code null} if none does
 * @param now the instant of the look
 */
record GrantCase(
    Grant grant, GrantRecord record, Clocks clocks, @Nullable Circuit circuit, Instant now) {

  String name() {
    return grant.name().toString();
  }

  /** How the attempts have gone: its own, or those at the circuit that holds it. */
  Standing standing() {
    return circuit == null ? record.standing() : circuit.standing();
  }

  /** What only a person can mend, once it was confirmed; {@code null} if it was not. */
  @Nullable Topic verdict() {
    if (circuit != null && circuit.isConfirmed()) {
      return Topic.CIRCUIT;
    }
    Standing own = record.standing();
    RefusalKind kind = own.kind();
    if (record.unanswered() || kind == RefusalKind.LOST_ANSWER) {
      return Topic.LOST_ANSWER;
    }
    if (kind == null || !own.isConfirmed()) {
      return null;
    }
    return kind.verdict() == RefusalKind.Verdict.CONSENT ? Topic.NEEDS_CONSENT : Topic.BLOCKED;
  }

  /** What grants with the same verdict have in common: the circuit, the code, else the host. */
  String reason() {
    if (circuit != null && circuit.isConfirmed()) {
      return circuit.key();
    }
    Entry.Refusal why = record.standing().why();
    String code = why == null || verdict() == Topic.LOST_ANSWER ? null : why.code();
    return code == null ? host() : code;
  }

  /** The host of its token endpoint. */
  String host() {
    String host = grant.endpoint().uri().getHost();
    return host == null ? grant.endpoint().uri().toString() : host;
  }

  /** The clock that ended first: a second one that ends later does not make it another cause. */
  Topic endedClock() {
    Instant signInEnd = clocks.signInExpiresAt();
    return signInEnd != null && signInEnd.equals(clocks.deadline())
        ? Topic.SIGN_IN_CLOCK
        : Topic.ISSUE_CLOCK;
  }

  /** Since when its token is the current one; {@code null} if nobody knows. */
  @Nullable Instant lastSuccess() {
    Standing own = record.standing();
    Instant issuedAt = record.issuedAt();
    return own.failures() == 0 && own.lastAttemptAt() != null ? own.lastAttemptAt() : issuedAt;
  }
}
