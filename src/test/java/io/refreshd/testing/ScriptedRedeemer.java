package io.refreshd.testing;

import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.TokenRedeemer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/** Gives the answers that a test wrote down, in that order, and no other. */
public final class ScriptedRedeemer implements TokenRedeemer {

  /** What happens to one request. */
  @FunctionalInterface
  public interface Answer {
    Redemption at(Instant sentAt);
  }

  private final Clock clock;
  private final Queue<Answer> script = new ArrayDeque<>();
  private final List<String> presented = new ArrayList<>();

  public ScriptedRedeemer(Clock clock) {
    this.clock = clock;
  }

  /** Adds answers; each is made for the instant at which its request is sent. */
  public ScriptedRedeemer answers(Answer... answers) {
    script.addAll(Arrays.asList(answers));
    return this;
  }

  @Override
  public synchronized Redemption redeem(Grant grant, RefreshToken token) {
    presented.add(token.reveal());
    Answer answer = script.poll();
    if (answer == null) {
      throw new AssertionError("nobody expected " + grant.name() + " to be redeemed again");
    }
    return answer.at(clock.instant());
  }

  /** The tokens that were presented, in order. */
  public synchronized List<String> presented() {
    return List.copyOf(presented);
  }
}
