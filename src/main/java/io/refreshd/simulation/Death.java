package io.refreshd.simulation;

import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Reach;
import io.refreshd.rotation.Redemption.Exchange;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.Told;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The end of a grant: from then on none of its tokens is any good, until a person signs in.
 *
 * @param at when, by the world's clock
 * @param refusal what the endpoint answers from then on
 * @param told what that answer tells about the clocks
 * @param cause the same as far as the world knows it: some answers tell nothing of their clock
 * @param why in the words of that answer
 */
public record Death(Instant at, Entry.Refusal refusal, Told told, Told cause, String why) {

  /** One whose answer tells of the clock that ran out, if one did. */
  public Death(Instant at, Entry.Refusal refusal, Told told, String why) {
    this(at, refusal, told, told, why);
  }

  /** The clock that ran out; {@code null} if it was none, but for example a revocation. */
  public Told.@Nullable Which clock() {
    return cause.validFrom() == null ? cause.clock() : null;
  }

  /** How long that clock ran; {@code null} if nobody knows. */
  public @Nullable Duration limit() {
    return cause.limit();
  }

  /** The answer to whoever presents a token of this grant. */
  Refused answer(Exchange exchange) {
    return new Refused(refusal, Reach.GRANT, told, true, true, why, null, exchange);
  }
}
