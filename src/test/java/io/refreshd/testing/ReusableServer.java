package io.refreshd.testing;

import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.TokenRedeemer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Issues tokens as Entra does: each is good until its own end, however often it is presented, and
 * each redemption brings a new one.
 */
public final class ReusableServer implements TokenRedeemer {

  private final Clock clock;
  private final Duration lifetime;
  private final Map<String, Instant> ends = new HashMap<>();
  private final Map<String, Integer> presentations = new HashMap<>();
  private boolean reachable = true;
  private int issued;

  public ReusableServer(Clock clock, Duration lifetime) {
    this.clock = clock;
    this.lifetime = lifetime;
  }

  /** A first token, as after a person's sign-in. */
  public synchronized RefreshToken issue() {
    String token = "token-" + ++issued;
    ends.put(token, clock.instant().plus(lifetime));
    return RefreshToken.of(token);
  }

  /** Forgets a token: whoever presents it is told that it is dead. */
  public synchronized void revoke(RefreshToken token) {
    ends.remove(token.reveal());
  }

  public synchronized void goDown() {
    reachable = false;
  }

  public synchronized void comeBack() {
    reachable = true;
  }

  @Override
  public synchronized Redemption redeem(Grant grant, RefreshToken token) {
    Instant now = clock.instant();
    if (!reachable) {
      return Answers.noConnection(now);
    }
    presentations.merge(token.reveal(), 1, Integer::sum);
    Instant end = ends.get(token.reveal());
    return end == null || !now.isBefore(end)
        ? Answers.refused(RefusalKind.DEAD, now)
        : Answers.successor(issue().reveal(), now);
  }

  /** How often the token reached the server. */
  public synchronized int presentations(RefreshToken token) {
    return presentations.getOrDefault(token.reveal(), 0);
  }

  /** How many requests reached the server. */
  public synchronized int presentations() {
    return presentations.values().stream().mapToInt(Integer::intValue).sum();
  }
}
