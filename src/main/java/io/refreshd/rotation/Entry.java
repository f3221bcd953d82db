package io.refreshd.rotation;

import io.refreshd.grant.GrantName;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of the rotation log, before the store numbers it. Holds no token, ever.
 *
 * @param at when it happened
 * @param grant whose; {@code null} for an event of the whole store
 * @param event what
 * @param trigger what set it off; {@code null} where nothing did
 * @param generation the generation it is about: the new one on success, the presented one else
 * @param issuedAt that generation's issue
 * @param expiresAt that generation's end
 * @param duration of the exchange with the endpoint
 * @param httpStatus of the answer
 * @param refusal why there is no new token; {@code null} on success
 * @param correlationId what Microsoft's support asks for
 * @param traceId likewise
 * @param message for a person: what happened, why
 * @param fingerprint of the generation's token, see {@code RefreshToken.fingerprint}
 */
public record Entry(
    Instant at,
    @Nullable GrantName grant,
    Event event,
    @Nullable Trigger trigger,
    @Nullable Integer generation,
    @Nullable Instant issuedAt,
    @Nullable Instant expiresAt,
    @Nullable Duration duration,
    @Nullable Integer httpStatus,
    @Nullable Refusal refusal,
    @Nullable String correlationId,
    @Nullable String traceId,
    @Nullable String message,
    @Nullable String fingerprint) {

  public Entry {
    correlationId = storable(correlationId);
    traceId = storable(traceId);
    message = storable(message);
  }

  /** No database keeps a NUL in a text, and what is stored must be what was hashed. */
  private static @Nullable String storable(@Nullable String text) {
    return text == null || text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
  }

  /**
   * Why an answer is not a new token, in the server's words.
   *
   * @param kind ours
   * @param error the OAuth error code (RFC 6749 section 5.2)
   * @param code the AADSTS number, as text
   * @param suberror Entra's finer error
   */
  public record Refusal(
      RefusalKind kind, @Nullable String error, @Nullable String code, @Nullable String suberror) {
    public Refusal {
      error = storable(error);
      code = storable(code);
      suberror = storable(suberror);
    }
  }

  /** An event of a grant that is no exchange with the endpoint. */
  public static Entry of(
      Instant at, @Nullable GrantName grant, Event event, @Nullable String message) {
    return new Entry(
        at, grant, event, null, null, null, null, null, null, null, null, null, message, null);
  }
}
