package io.refreshd.rotation;

import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import java.time.Duration;

/** The port to the token endpoint. */
public interface TokenRedeemer {

  /** The longest that one redemption may take, connecting included. */
  Duration EXCHANGE_LIMIT = Duration.ofSeconds(30);

  /**
   * Presents the token to the grant's endpoint, once, with no retry of its own. Whatever the
   * endpoint does is an outcome, never an exception; it ends within {@link #EXCHANGE_LIMIT}.
   */
  Redemption redeem(Grant grant, RefreshToken token);
}
