package io.refreshd.entra;

import io.refreshd.grant.RefreshTokens;
import io.refreshd.rotation.Redemption.Exchange;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What we know of a request when its answer is read.
 *
 * @param at before it was sent
 * @param took until the answer was whole, or given up
 * @param correlationId that it went out with; {@code null} if it did not
 * @param scrubber knows its secrets
 * @param presented what its server does with a token that was presented
 */
record Sent(
    Instant at,
    Duration took,
    @Nullable String correlationId,
    Scrubber scrubber,
    RefreshTokens presented) {

  /** Whether a successor that is not taken from this answer is lost for good. */
  boolean isLastChance() {
    return presented == RefreshTokens.SINGLE_USE;
  }

  /** The exchange, if there is no answer. */
  Exchange exchange() {
    return new Exchange(at, took, null, correlationId, null, null);
  }

  /** The exchange, by the answer's headers and, where they have it, its fields. */
  Exchange exchange(Exchanged.Answer answer, @Nullable AnswerFields fields) {
    return new Exchange(
        at,
        took,
        answer.status(),
        first(value(fields, "correlation_id"), answer.header("client-request-id"), correlationId),
        first(value(fields, "trace_id"), answer.header("x-ms-request-id"), null),
        ServerTime.of(answer, value(fields, "error_description"), at));
  }

  private @Nullable String first(
      @Nullable String ofBody, @Nullable String ofHeader, @Nullable String otherwise) {
    String body = scrubber.word(ofBody);
    String header = scrubber.word(ofHeader);
    return body != null ? body : header != null ? header : otherwise;
  }

  private static @Nullable String value(@Nullable AnswerFields fields, String name) {
    return fields == null ? null : fields.value(name);
  }
}
