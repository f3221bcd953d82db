package io.refreshd.grant;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One user's consent to one client in one tenant, as configured: how its chain of refresh tokens is
 * kept alive. (RFC 6749: authorization grant.)
 *
 * @param name what people call it
 * @param endpoint where its tokens are redeemed
 * @param client the application it was given to
 * @param refreshTokens what the server does with a redeemed token
 * @param cadence how often it is rotated
 * @param lifetime what a new generation is good for, unless the server's answer says otherwise
 * @param signInFrequency how long after the last sign-in of a person Conditional Access ends the
 *     chain; {@code null} if no such policy is known
 * @param rememberMfa how long after it the second factor is no longer remembered, which ends the
 *     chain too; {@code null} likewise
 */
public record Grant(
    GrantName name,
    TokenEndpoint endpoint,
    Client client,
    RefreshTokens refreshTokens,
    Cadence cadence,
    Duration lifetime,
    @Nullable Duration signInFrequency,
    @Nullable Duration rememberMfa) {

  /** Whether a token of this grant must never be presented twice. */
  public boolean isSingleUse() {
    return refreshTokens == RefreshTokens.SINGLE_USE;
  }

  /** The same grant, its client proving itself by this credential alone. */
  public Grant by(Client.Credential credential) {
    return of(new Client(client.id(), List.of(credential), client.isShared()));
  }

  /** The same grant, given to this client. */
  public Grant of(Client client) {
    return new Grant(
        name, endpoint, client, refreshTokens, cadence, lifetime, signInFrequency, rememberMfa);
  }
}
