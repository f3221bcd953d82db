package io.refreshd.rotation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps tokens of single-use servers from being presented whose successors a lost store may have
 * had: from then on the grant stands as after a lost answer, and only a person's attempt presents
 * the token.
 */
public final class Withholding {

  private static final Logger LOG = LoggerFactory.getLogger(Withholding.class);
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final String NEXT =
      "; presenting it again may revoke the grant. enrol anew, or try it once more with `refreshd"
          + " rotate`";

  private final TokenStore store;
  private final Clock clock;

  public Withholding(TokenStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Withholds the grant's token, durably.
   *
   * @param why it may be spent
   * @return false if somebody else has the grant leased, or there is no token that opens
   */
  public boolean withhold(GrantRecord record, String why) {
    Instant now = clock.instant();
    Optional<Leased> leased = lease(record, now);
    leased.ifPresent(held -> store.record(held.lease(), attempt(record, why + NEXT, now)));
    return leased.isPresent();
  }

  private Optional<Leased> lease(GrantRecord record, Instant now) {
    try {
      return store.lease(new LeaseTerms(record.name(), now, now.plus(LEASE), false));
    } catch (StoreException.Damaged e) {
      // a token that does not open is not presented to anybody
      LOG.warn("{}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Whether that was done, or the like of it has happened. */
  public static boolean isWithheld(GrantRecord record) {
    return record.unanswered() || record.standing().kind() == RefusalKind.LOST_ANSWER;
  }

  private static Attempt attempt(GrantRecord record, String message, Instant now) {
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
