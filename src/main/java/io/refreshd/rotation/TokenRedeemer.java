package io.refreshd.rotation;

import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import java.time.Duration;
import java.time.Instant;

/** The port to the token endpoint. */
public interface TokenRedeemer {

  /** The longest that one redemption may take, connecting included. */
  Duration EXCHANGE_LIMIT = Duration.ofSeconds(30);

  /**
   * Presents the token to the grant's endpoint, once, with no retry of its own. Whatever the
   * endpoint does is an outcome, never an exception; it ends within {@link #EXCHANGE_LIMIT}.
   */
  Redemption redeem(Grant grant, RefreshToken token);

  /**
   * The same, but a request whose first byte would be sent at that instant or later is not sent any
   * more: this process may have stood still while it connected, and somebody else may have the
   * grant. Who waits for nothing before he sends need not look.
   */
  default Redemption redeem(Grant grant, RefreshToken token, Instant before) {
    return redeem(grant, token);
  }
}
