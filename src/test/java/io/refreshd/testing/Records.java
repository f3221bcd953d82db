package io.refreshd.testing;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Learned;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Standing;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a store would know of a grant, as a starting point for what a test wants it to know. */
public final class Records {

  private Records() {}

  /** All is well with a generation of that age, which is stored to be rotated at some instant. */
  public static GrantRecord issued(Grant grant, @Nullable Instant issuedAt, Instant nextAttemptAt) {
    return new GrantRecord(
        grant.name(),
        4,
        "sha256:0123456789ab",
        issuedAt,
        issuedAt == null ? null : issuedAt.plus(grant.lifetime()),
        null,
        nextAttemptAt,
        Answers.SOMEBODY,
        Learned.NOTHING,
        Standing.good(issuedAt, Event.ROTATED),
        false);
  }

  public static GrantRecord signedIn(GrantRecord record, Instant signedInAt) {
    return copy(record, signedInAt, record.standing(), record.unanswered());
  }

  public static GrantRecord standing(GrantRecord record, Standing standing) {
    return copy(record, record.signedInAt(), standing, record.unanswered());
  }

  /** Its current token ends then, and that was learned, whatever is configured. */
  public static GrantRecord told(GrantRecord record, @Nullable Instant expiresAt, Learned learned) {
    return new GrantRecord(
        record.name(),
        record.generation(),
        record.fingerprint(),
        record.issuedAt(),
        expiresAt,
        record.signedInAt(),
        record.nextAttemptAt(),
        record.identity(),
        learned,
        record.standing(),
        record.unanswered());
  }

  /** Its holder died in mid-redemption. */
  public static GrantRecord unanswered(GrantRecord record) {
    return copy(record, record.signedInAt(), record.standing(), true);
  }

  /** How it stands after failures of these kinds, all at one instant. */
  public static Standing failed(Instant at, RefusalKind... kinds) {
    Standing standing = Standing.good(null, null);
    for (RefusalKind kind : kinds) {
      Refused refused = Answers.refused(kind, at);
      standing = standing.failed(refused, at);
    }
    return standing;
  }

  private static GrantRecord copy(
      GrantRecord record, @Nullable Instant signedInAt, Standing standing, boolean unanswered) {
    return new GrantRecord(
        record.name(),
        record.generation(),
        record.fingerprint(),
        record.issuedAt(),
        record.expiresAt(),
        signedInAt,
        record.nextAttemptAt(),
        record.identity(),
        record.learned(),
        standing,
        unanswered);
  }
}
