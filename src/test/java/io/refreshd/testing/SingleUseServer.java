package io.refreshd.testing;

import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.TokenRedeemer;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Issues tokens as rotating servers do: a token is spent by its redemption, and presenting a spent
 * one revokes the whole chain (RFC 9700 section 4.14.2).
 */
public final class SingleUseServer implements TokenRedeemer {

  private final Clock clock;
  private final Map<String, Integer> presentations = new HashMap<>();
  private String good = "";
  private Fault fault = Fault.NONE;
  private int issued;

  /** What happens to the next requests. */
  public enum Fault {
    NONE,
    /** The connection never carries the request. */
    NO_CONNECTION,
    /** The server redeems, and its answer is lost on the way. */
    ANSWER_LOST,
    /** The server answers with an error and leaves the token as it is. */
    OVERLOADED
  }

  public SingleUseServer(Clock clock) {
    this.clock = clock;
  }

  /** A first token, as after a person's sign-in; what was good before is not any more. */
  public synchronized RefreshToken issue() {
    good = "token-" + ++issued;
    return RefreshToken.of(good);
  }

  public synchronized void suffer(Fault next) {
    fault = next;
  }

  @Override
  public synchronized Redemption redeem(Grant grant, RefreshToken token) {
    Instant now = clock.instant();
    if (fault == Fault.NO_CONNECTION) {
      return Answers.noConnection(now);
    }
    presentations.merge(token.reveal(), 1, Integer::sum);
    if (fault == Fault.OVERLOADED) {
      return Answers.refused(RefusalKind.TRANSIENT, now);
    }
    if (!token.reveal().equals(good)) {
      good = "";
      return Answers.refused(RefusalKind.DEAD, now);
    }
    RefreshToken successor = issue();
    return fault == Fault.ANSWER_LOST
        ? Answers.noAnswer(now)
        : Answers.successor(successor.reveal(), now);
  }

  /** How often the token reached the server. */
  public synchronized int presentations(RefreshToken token) {
    return presentations.getOrDefault(token.reveal(), 0);
  }

  /** The most often that any one token reached the server. */
  public synchronized int mostPresentations() {
    return presentations.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }
}
