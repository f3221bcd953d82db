package io.refreshd.crash;

import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.RefreshTokens;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A token endpoint on a real port, and what it remembers of its tokens. */
interface TokenServer extends AutoCloseable {

  String CLIENT = "keeper";
  String SECRET = "keeper-secret";

  /**
   * How a grant's last consent was used.
   *
   * @param newest the token issued last, whether or not its answer arrived
   * @param previous the one before; {@code null} if there was none
   * @param redemptions how many tokens were issued for a token
   * @param requests how many requests presented a token
   */
  record Chain(String newest, @Nullable String previous, int redemptions, int requests) {

    /** After a request that brought a token. */
    Chain issued(String token) {
      return new Chain(token, newest, redemptions + 1, requests + 1);
    }

    /** After a request that brought none. */
    Chain refused() {
      return new Chain(newest, previous, redemptions, requests + 1);
    }
  }

  /** What people call it. */
  String name();

  /** What it does with a redeemed token. */
  RefreshTokens refreshTokens();

  /** Where its token endpoint listens. */
  int port();

  /** The keys of a tenant that say where it is. */
  String yaml();

  /** A person signs in: the first token of a new chain. */
  RefreshToken consent(GrantName grant) throws IOException, InterruptedException;

  Chain chain(GrantName grant) throws IOException, InterruptedException;

  /** Whether it answers every request with an error from now on; no token is spent by that. */
  void refuse(boolean all) throws IOException, InterruptedException;

  @Override
  void close() throws IOException;
}
