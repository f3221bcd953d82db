package io.refreshd.rotation;

import io.refreshd.grant.Generation;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Redemption.Exchange;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.Redemption.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts outcomes into entries of the rotation log. Pure. */
final class Entries {

  private static final String SAME =
      "the server gave the same refresh token back: nothing says that it lives longer for that, so"
          + " its clock goes on";

  private static final String SAME_END =
      "it ends when the one before it would have: rotation does not extend the session, so its"
          + " clock goes on";

  private Entries() {}

  /** That a token was brought in. */
  static Entry imported(Grant grant, Generation first, Instant at) {
    return new Entry(
        at,
        grant.name(),
        Event.IMPORTED,
        Trigger.IMPORT,
        first.number(),
        first.issuedAt(),
        first.expiresAt(),
        null,
        null,
        null,
        null,
        null,
        null,
        first.token().fingerprint());
  }

  /** That there is a new generation for the one that was presented. */
  static Entry success(
      Grant grant, Generation presented, Generation next, Trigger trigger, Redeemed redeemed) {
    Exchange exchange = redeemed.exchange();
    return new Entry(
        end(exchange),
        grant.name(),
        Event.ROTATED,
        trigger,
        next.number(),
        next.issuedAt(),
        next.expiresAt(),
        exchange.took(),
        exchange.httpStatus(),
        null,
        exchange.correlationId(),
        exchange.traceId(),
        note(presented, next, redeemed),
        next.token().fingerprint());
  }

  /** That the failures are over; {@code before} is the standing that ended. */
  static Entry recovered(Grant grant, Standing before, Redeemed redeemed) {
    Instant since = before.failingSince();
    String message =
        since == null
            ? "by the previous generation"
            : "failed attempts before: " + before.failures() + ", since " + since;
    return Entry.of(end(redeemed.exchange()), grant.name(), Event.RECOVERED, message);
  }

  /** What was refused among the tries, in order. */
  static List<Entry> failures(Grant grant, Trigger trigger, List<Presentation> tries) {
    List<Entry> entries = new ArrayList<>();
    for (Presentation tried : tries) {
      Refused refused = tried.refusal();
      if (refused != null) {
        entries.add(failure(grant, tried.generation(), trigger, refused));
      }
    }
    return entries;
  }

  /** What an answer taught, and from which text; {@code told} is {@code null} if from none. */
  static Entry learned(Grant grant, Instant at, Entry.@Nullable Refusal told, String news) {
    return new Entry(
        at,
        grant.name(),
        Event.LEARNED,
        null,
        null,
        null,
        null,
        null,
        null,
        told,
        null,
        null,
        told == null || told.code() == null ? news : news + " (" + CodeName.of(told.code()) + ")",
        null);
  }

  /** That a token brought no new one; {@code presented} is {@code null} if it was never stored. */
  static Entry failure(
      Grant grant, @Nullable Generation presented, Trigger trigger, Refused refused) {
    Exchange exchange = refused.exchange();
    RefreshToken token = presented == null ? null : presented.token();
    return new Entry(
        end(exchange),
        grant.name(),
        refused.answered() ? Event.REFUSED : Event.UNREACHABLE,
        trigger,
        presented == null ? null : presented.number(),
        presented == null ? null : presented.issuedAt(),
        presented == null ? null : presented.expiresAt(),
        exchange.took(),
        exchange.httpStatus(),
        refused.refusal(),
        exchange.correlationId(),
        exchange.traceId(),
        refused.message(),
        token == null ? null : token.fingerprint());
  }

  private static @Nullable String note(Generation presented, Generation next, Redeemed redeemed) {
    String note = redeemed.note();
    boolean isSame = Successors.isSame(presented, redeemed);
    if (!isSame && redeemed.exchange().sentAt().equals(next.issuedAt())) {
      return note;
    }
    String why = isSame ? SAME : SAME_END;
    return note == null ? why : note + "; " + why;
  }

  private static Instant end(Exchange exchange) {
    return exchange.sentAt().plus(exchange.took());
  }
}
