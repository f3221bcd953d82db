package io.refreshd.crash;

import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.sandbox.Sandbox;
import io.refreshd.sandbox.SandboxClient;
import io.refreshd.sandbox.SandboxSettings;
import io.refreshd.sandbox.Trouble;
import io.refreshd.sandbox.Troubles;
import java.io.IOException;
import java.time.Clock;

/** The sandbox in this JVM: as Entra, or as a plain server whose tokens are for single use. */
final class SandboxServer implements TokenServer {

  /** What an answer says counts more than the configuration, so they say the same. */
  private static final SandboxSettings SETTINGS =
      SandboxSettings.DEFAULT.withLifetime(Fleet.LIFETIME);

  private static final String DIRECTORY = "11111111-2222-3333-4444-555555555555";

  private final RefreshTokens refreshTokens;
  private final String tenant;
  private final Sandbox sandbox;

  SandboxServer(RefreshTokens refreshTokens) throws IOException {
    this.refreshTokens = refreshTokens;
    this.tenant = refreshTokens == RefreshTokens.REUSABLE ? DIRECTORY : Sandbox.PLAIN;
    this.sandbox = Sandbox.start(0, SETTINGS, Clock.systemUTC());
    sandbox.register(SandboxClient.withSecret(tenant, CLIENT, SECRET));
  }

  @Override
  public String name() {
    return "sandbox";
  }

  @Override
  public RefreshTokens refreshTokens() {
    return refreshTokens;
  }

  @Override
  public int port() {
    return sandbox.authority().getPort();
  }

  @Override
  public String yaml() {
    return refreshTokens == RefreshTokens.REUSABLE
        ? "authority: " + sandbox.authority() + ", tenant-id: " + DIRECTORY
        : "token-endpoint: '" + sandbox.plainEndpoint() + "', refresh-tokens: single-use";
  }

  @Override
  public RefreshToken consent(GrantName grant) {
    return RefreshToken.of(sandbox.issueRefreshToken(tenant, CLIENT, grant.toString()));
  }

  @Override
  public Chain chain(GrantName grant) {
    io.refreshd.sandbox.Chain chain = sandbox.chain(tenant, CLIENT, grant.toString());
    return new Chain(chain.newest(), chain.previous(), chain.redemptions(), chain.requests());
  }

  @Override
  public void refuse(boolean all) {
    if (all) {
      sandbox.troubles().begin(new Troubles.Everyone(), new Trouble.Unavailable());
    } else {
      sandbox.troubles().endAll();
    }
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
