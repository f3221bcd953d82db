package io.refreshd.rotation;

import io.refreshd.grant.Identity;
import io.refreshd.grant.RefreshToken;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a redemption ended: with a new refresh token, or without. */
public sealed interface Redemption {

  /** What the exchange with the endpoint looked like. */
  Exchange exchange();

  /**
   * One request and what came back.
   *
   * @param sentAt read from the clock before the request was sent
   * @param took until the answer was whole, or given up
   * @param httpStatus {@code null} if no answer came
   * @param correlationId of the answer, else of the request
   * @param traceId of the answer
   * @param serverTime what the server's clock showed when it answered, as far as it said so ({@code
   *     Date} header, whole seconds; AADSTS700024); {@code null} if it did not
   */
  record Exchange(
      Instant sentAt,
      Duration took,
      @Nullable Integer httpStatus,
      @Nullable String correlationId,
      @Nullable String traceId,
      @Nullable Instant serverTime) {}

  /**
   * A new refresh token.
   *
   * @param successor the new token
   * @param lifetime what the answer says it is good for ({@code refresh_token_expires_in},
   *     Keycloak's {@code refresh_expires_in}); {@code null} if it does not say
   * @param identity whose it is, as far as the access token tells
   * @param note about the access token, for the log ({@code aud}, {@code amr}); {@code null} if
   *     there is nothing to say
   */
  record Redeemed(
      RefreshToken successor,
      @Nullable Duration lifetime,
      Identity identity,
      @Nullable String note,
      Exchange exchange)
      implements Redemption {}

  /**
   * No new refresh token.
   *
   * @param refusal why, in our and in the server's words
   * @param reach which grants it speaks of
   * @param told what its text tells about the clocks
   * @param answered whether the server gave a usable answer; if not it was unreachable
   * @param carried whether the request may have reached the server: {@code false} only if no
   *     connection ever carried it
   * @param message for a person: what happened, and why; without the grant's name
   * @param retryAfter what the server asks for ({@code Retry-After}); {@code null} if nothing
   */
  record Refused(
      Entry.Refusal refusal,
      Reach reach,
      Told told,
      boolean answered,
      boolean carried,
      String message,
      @Nullable Duration retryAfter,
      Exchange exchange)
      implements Redemption {

    public RefusalKind kind() {
      return refusal.kind();
    }

    /** The same answer, understood as another kind. */
    Refused as(RefusalKind kind, String because) {
      return new Refused(
          new Entry.Refusal(kind, refusal.error(), refusal.code(), refusal.suberror()),
          reach,
          told,
          answered,
          carried,
          because,
          retryAfter,
          exchange);
    }
  }
}
