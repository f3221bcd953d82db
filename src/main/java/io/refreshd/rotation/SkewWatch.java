package io.refreshd.rotation;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Redemption.Exchange;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares this machine's clock with those of the servers. Every deadline is reckoned by this
 * machine's clock, and a certificate's assertion is refused when it is off (AADSTS700024).
 */
public final class SkewWatch {

  /** From here on a person is told. */
  public static final Duration TOLERATED = Duration.ofMinutes(2);

  private final Map<String, Duration> skews = new ConcurrentHashMap<>();
  private final Set<String> answered = ConcurrentHashMap.newKeySet();

  /**
   * How far the servers' clocks are ahead of ours (negative: behind), by authority, as the newest
   * answers showed; only those that are off by {@link #TOLERATED} or more.
   */
  public Map<String, Duration> skews() {
    return Map.copyOf(skews);
  }

  /** Whether each of these has shown its time since the start, and it agreed with ours. */
  public boolean agreesWith(Collection<String> authorities) {
    return answered.containsAll(authorities) && Collections.disjoint(skews.keySet(), authorities);
  }

  /** The authorities of grants, by the names that they have here. */
  public static Set<String> authorities(Collection<Grant> grants) {
    return grants.stream()
        .map(grant -> CircuitKeys.authority(grant.endpoint()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Takes note of an answer; what is new about it, for a person, or {@code null}. */
  @Nullable String noted(Grant grant, Exchange exchange) {
    Instant serverTime = exchange.serverTime();
    if (serverTime == null) {
      return null;
    }
    Duration skew = skew(exchange, serverTime);
    String authority = CircuitKeys.authority(grant.endpoint());
    String news = noted(authority, skew);
    answered.add(authority); // last: whoever sees that it has answered sees the skew
    return news;
  }

  private @Nullable String noted(String authority, Duration skew) {
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
