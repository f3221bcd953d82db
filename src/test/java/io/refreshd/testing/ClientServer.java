package io.refreshd.testing;

import io.refreshd.grant.Client.ClientSecret;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Reach;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.TokenRedeemer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A server that lets every token live and looks at the client first: at its secret, its tenant. */
public final class ClientServer implements TokenRedeemer {

  private final Clock clock;
  private final Set<String> goodSecrets = new HashSet<>();
  private final List<Instant> asked = new ArrayList<>();
  private boolean knowsTenant = true;
  private boolean isBusy;
  private int issued;

  public ClientServer(Clock clock, String... goodSecrets) {
    this.clock = clock;
    this.goodSecrets.addAll(List.of(goodSecrets));
  }

  public synchronized void accept(String secret) {
    goodSecrets.add(secret);
  }

  public synchronized void expire(String secret) {
    goodSecrets.remove(secret);
  }

  public synchronized void knowTenant(boolean knows) {
    knowsTenant = knows;
  }

  public synchronized void beBusy(boolean busy) {
    isBusy = busy;
  }

  /** When it was asked, in order. */
  public synchronized List<Instant> asked() {
    return List.copyOf(asked);
  }

  @Override
  public synchronized Redemption redeem(Grant grant, RefreshToken token) {
    Instant now = clock.instant();
    asked.add(now);
    if (isBusy) {
      return Answers.refused(RefusalKind.THROTTLED, Reach.RATE, "90055", now);
    }
    if (!knowsTenant) {
      return Answers.refused(RefusalKind.CONFIGURATION, Reach.APPLICATION, "90002", now);
    }
    ClientSecret secret = (ClientSecret) grant.client().credential();
    return goodSecrets.contains(secret.secret().reveal())
        ? Answers.successor("token-" + ++issued, now)
        : Answers.refused(RefusalKind.CONFIGURATION, Reach.CREDENTIAL, "7000222", now);
  }
}
