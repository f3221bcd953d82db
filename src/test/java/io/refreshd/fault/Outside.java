package io.refreshd.fault;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.TokenRedeemer;
import io.refreshd.testing.Answers;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.ReusableServer;
import io.refreshd.testing.SingleUseServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What outlives the process: time, and the grants' servers, which count what they are asked. */
final class Outside implements TokenRedeemer {

  private static final Duration LIFETIME = Duration.ofDays(90);

  final MutableClock clock = new MutableClock();
  final List<Grant> grants;
  final Grant grant;
  final Grant neighbour;
  private final Map<GrantName, TokenRedeemer> servers = new HashMap<>();
  private final Map<GrantName, List<RefreshToken>> presented = new HashMap<>();
  private final Map<GrantName, RefreshToken> newest = new HashMap<>();
  private Runnable whenAsked = () -> {};
  private boolean refuses;

  Outside(RefreshTokens kind) {
    grants =
        List.of(
            enter("germany/live", kind),
            enter("germany/sandbox", kind),
            enter("france/live", kind));
    grant = grants.get(0);
    neighbour = grants.get(1);
  }

  private Grant enter(String name, RefreshTokens kind) {
    Grants made = Grants.named(name).lifetime(LIFETIME);
    Grant entered = kind == RefreshTokens.SINGLE_USE ? made.singleUse().build() : made.build();
    presented.put(entered.name(), new ArrayList<>());
    if (kind == RefreshTokens.SINGLE_USE) {
      SingleUseServer server = new SingleUseServer(clock);
      newest.put(entered.name(), server.issue());
      servers.put(entered.name(), server);
    } else {
      ReusableServer server = new ReusableServer(clock, LIFETIME);
      newest.put(entered.name(), server.issue());
      servers.put(entered.name(), server);
    }
    return entered;
  }

  /** Runs once, when the next answer is on its way back. */
  void whenAsked(Runnable then) {
    whenAsked = then;
  }

  /** From now on the servers are too busy, and spend no token. */
  void refuse(boolean now) {
    refuses = now;
  }

  @Override
  public Redemption redeem(Grant asking, RefreshToken token) {
    of(presented, asking).add(token);
    Redemption redemption =
        refuses
            ? Answers.refused(RefusalKind.TRANSIENT, clock.instant())
            : of(servers, asking).redeem(asking, token);
    if (redemption instanceof Redemption.Redeemed redeemed) {
      newest.put(asking.name(), redeemed.successor());
    }
    whenAsked.run();
    whenAsked = () -> {};
    return redemption;
  }

  /** The token that the server issued last. */
  RefreshToken newest(Grant of) {
    return of(newest, of);
  }

  /** How often the server was asked. */
  int requests(Grant of) {
    return of(presented, of).size();
  }

  /** Whether a token was presented twice. */
  boolean isReplayed(Grant of) {
    List<RefreshToken> all = of(presented, of);
    return all.stream().distinct().count() < all.size();
  }

  private static <T> T of(Map<GrantName, T> known, Grant grant) {
    return Objects.requireNonNull(known.get(grant.name()));
  }
}
