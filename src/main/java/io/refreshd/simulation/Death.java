package io.refreshd.simulation;

import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Reach;
import io.refreshd.rotation.Redemption.Exchange;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.Told;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The end of a grant: from then on none of its tokens is any good, until a person signs in.
 *
 * @param at when, by the world's clock
 * @param refusal what the endpoint answers from then on
 * @param told what that answer tells about the clocks
 * @param why in the words of that answer
 */
public record Death(Instant at, Entry.Refusal refusal, Told told, String why) {

  /** The clock that ran out; {@code null} if it was none, but for example a revocation. */
  public Told.@Nullable Which clock() {
    return told.validFrom() == null ? told.clock() : null;
  }

  /** The answer to whoever presents a token of this grant. */
  Refused answer(Exchange exchange) {
    return new Refused(refusal, Reach.GRANT, told, true, true, why, null, exchange);
  }
}
