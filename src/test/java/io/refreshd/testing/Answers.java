package io.refreshd.testing;

import io.refreshd.grant.Identity;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Reach;
import io.refreshd.rotation.Redemption.Exchange;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Told;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an endpoint may answer, as the port to it tells the core. Every exchange takes 200 ms. */
public final class Answers {

  /** Whose the tokens of these answers are, unless a test says otherwise. */
  public static final Identity SOMEBODY = new Identity("tenant-id", "oid:somebody");

  public static final Duration TOOK = Duration.ofMillis(200);

  private Answers() {}

  /** A new refresh token. */
  public static Redeemed successor(String token, Instant sentAt) {
    return successor(token, SOMEBODY, null, sentAt);
  }

  /** A new refresh token of some user, with a lifetime that the answer tells. */
  public static Redeemed successor(
      String token, Identity identity, @Nullable Duration lifetime, Instant sentAt) {
    return new Redeemed(RefreshToken.of(token), lifetime, identity, null, exchange(200, sentAt));
  }

  /** An error, in a well-formed answer. */
  public static Refused refused(RefusalKind kind, Instant sentAt) {
    return refused(kind, null, sentAt);
  }

  /** An error that asks for patience. */
  public static Refused refused(RefusalKind kind, @Nullable Duration retryAfter, Instant sentAt) {
    return new Refused(
        new Entry.Refusal(kind, "invalid_grant", "70000", null),
        Reach.GRANT,
        Told.NOTHING,
        true,
        true,
        "refused as " + kind.word(),
        retryAfter,
        exchange(400, sentAt));
  }

  /** An error of that number that speaks of so many grants. */
  public static Refused refused(RefusalKind kind, Reach reach, String code, Instant sentAt) {
    return told(kind, reach, code, Told.NOTHING, sentAt);
  }

  /** An error whose text tells of a clock. */
  public static Refused told(
      RefusalKind kind, Reach reach, String code, Told told, Instant sentAt) {
    return new Refused(
        new Entry.Refusal(kind, "error", code, null),
        reach,
        told,
        true,
        true,
        "AADSTS" + code,
        null,
        exchange(400, sentAt));
  }

  /** The same answer, by a server whose clock shows this. */
  public static Redeemed at(Instant serverTime, Redeemed redeemed) {
    Exchange exchange = redeemed.exchange();
    return new Redeemed(
        redeemed.successor(),
        redeemed.lifetime(),
        redeemed.identity(),
        redeemed.note(),
        new Exchange(
            exchange.sentAt(),
            exchange.took(),
            exchange.httpStatus(),
            exchange.correlationId(),
            exchange.traceId(),
            serverTime));
  }

  /** The connection never carried the request. */
  public static Refused noConnection(Instant sentAt) {
    return unreachable(false, "connection refused", sentAt);
  }

  /** The request went out, and no usable answer came back. */
  public static Refused noAnswer(Instant sentAt) {
    return unreachable(true, "no answer within 30 s", sentAt);
  }

  private static Refused unreachable(boolean carried, String message, Instant sentAt) {
    return new Refused(
        new Entry.Refusal(RefusalKind.TRANSIENT, null, null, null),
        Reach.GRANT,
        Told.NOTHING,
        false,
        carried,
        message,
        null,
        exchange(null, sentAt));
  }

  private static Exchange exchange(@Nullable Integer status, Instant sentAt) {
    return new Exchange(sentAt, TOOK, status, "correlation", "trace", null);
  }
}
