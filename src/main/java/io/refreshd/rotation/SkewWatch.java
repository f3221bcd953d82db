package io.refreshd.rotation;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Redemption.Exchange;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares this machine's clock with those of the servers. Every deadline is reckoned by this
 * machine's clock, and a certificate's assertion is refused when it is off (AADSTS700024).
 */
public final class SkewWatch {

  /** From here on a person is told. */
  public static final Duration TOLERATED = Duration.ofMinutes(2);

  private final Map<String, Duration> skews = new ConcurrentHashMap<>();

  /**
   * How far the servers' clocks are ahead of ours (negative: behind), by authority, as the newest
   * answers showed; only those that are off by {@link #TOLERATED} or more.
   */
  public Map<String, Duration> skews() {
    return Map.copyOf(skews);
  }

  /** Takes note of an answer; what is new about it, for a person, or {@code null}. */
  @Nullable String noted(Grant grant, Exchange exchange) {
    Instant serverTime = exchange.serverTime();
    if (serverTime == null) {
      return null;
    }
    Duration skew = skew(exchange, serverTime);
    String authority = CircuitKeys.authority(grant.endpoint());
    if (skew.abs().compareTo(TOLERATED) < 0) {
      return skews.remove(authority) == null ? null : "this machine's clock is right again";
    }
    return skews.put(authority, skew) == null
        ? "this machine's clock is "
            + skew.abs().toSeconds()
            + " s "
            + (skew.isNegative() ? "ahead of" : "behind")
            + " the server's; deadlines are reckoned by it: check its time service"
        : null;
  }

  /** Zero, if the server answered at a time that lies within the exchange. */
  private static Duration skew(Exchange exchange, Instant serverTime) {
    Instant end = exchange.sentAt().plus(exchange.took());
    if (serverTime.isAfter(end)) {
      return Duration.between(end, serverTime);
    }
    return serverTime.isBefore(exchange.sentAt())
        ? Duration.between(exchange.sentAt(), serverTime)
        : Duration.ZERO;
  }
}
