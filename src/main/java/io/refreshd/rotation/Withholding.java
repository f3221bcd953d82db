package io.refreshd.rotation;

import io.refreshd.grant.GrantName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps tokens of single-use servers from being presented whose successors a lost store may have
 * had: from then on the grant stands as after a lost answer, and only a person's attempt presents
 * the token. Many share a transaction: a commit for each of a million would take hours, in which
 * nothing is rotated.
 */
public final class Withholding {

  private static final Logger LOG = LoggerFactory.getLogger(Withholding.class);
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final String NEXT =
      "; presenting it again may revoke the grant. enrol anew, or try it once more with `refreshd"
          + " rotate`";

  /** What one transaction withholds: it keeps other writers waiting for a moment only. */
  private static final int TOGETHER = 1_000;

  private record Doubtful(GrantRecord record, String why) {}

  private final TokenStore store;
  private final Clock clock;
  private final List<Doubtful> gathered = new ArrayList<>();
  private long withheld;

  public Withholding(TokenStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Withholds the grant's token, durably once {@link #finish} has returned.
   *
   * @param why it may be spent
   */
  public void withhold(GrantRecord record, String why) {
    gathered.add(new Doubtful(record, why + NEXT));
    if (gathered.size() == TOGETHER) {
      withholdGathered();
    }
  }

  /**
   * Withholds what is not yet withheld.
   *
   * @return how many were withheld in all; of the others it has said why they are not
   */
  public long finish() {
    if (!gathered.isEmpty()) {
      withholdGathered();
    }
    return withheld;
  }

  private void withholdGathered() {
    Instant now = clock.instant();
    List<Attempt> attempts = gathered.stream().map(one -> attempt(one, now)).toList();
    gathered.clear();
    Set<GrantName> written = store.recordFree(attempts, now);
    withheld += written.size();
    attempts.stream()
        .filter(attempt -> !written.contains(attempt.grant()))
        .forEach(attempt -> withholdAlone(attempt, now));
  }

  /** Somebody has it leased, or had when it died. */
  private void withholdAlone(Attempt attempt, Instant now) {
    LeaseTerms terms = new LeaseTerms(attempt.grant(), now, now.plus(LEASE), false);
    Leased leased = store.lease(terms).orElse(null);
    if (leased == null) {
      LOG.warn("{}: its token is not withheld: another process is at it", attempt.grant());
    } else {
      store.record(leased.lease(), attempt);
      withheld++;
    }
  }

  /** Whether that was done, or the like of it has happened. */
  public static boolean isWithheld(GrantRecord record) {
    return record.unanswered() || record.standing().kind() == RefusalKind.LOST_ANSWER;
  }

  private static Attempt attempt(Doubtful doubtful, Instant now) {
    GrantRecord record = doubtful.record();
    String message = doubtful.why();
    Entry.Refusal refusal = new Entry.Refusal(RefusalKind.LOST_ANSWER, null, null, null);
    Standing before = record.standing();
    Standing standing =
        new Standing(
            Math.max(1, before.failures()),
            1,
            before.failingSince() == null ? now : before.failingSince(),
            before.lastAttemptAt(),
            before.lastOutcome(),
            refusal,
            message);
    return new Attempt(
        record.name(),
        record.generation(),
        record.fingerprint(),
        Attempt.Corrected.none(record),
        standing,
        record.nextAttemptAt(),
        CircuitChanges.NONE,
        List.of(entry(record, refusal, message, now)));
  }

  private static Entry entry(
      GrantRecord record, Entry.Refusal refusal, String message, Instant now) {
    return new Entry(
        now,
        record.name(),
        Event.RESTORED,
        null,
        record.generation(),
        record.issuedAt(),
        record.expiresAt(),
        null,
        null,
        refusal,
        null,
        null,
        message,
        record.fingerprint());
  }
}
