package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Reach;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.Told;
import io.refreshd.rotation.Told.Which;
import io.refreshd.sandbox.Sandbox;
import io.refreshd.sandbox.SandboxClient;
import io.refreshd.sandbox.SandboxSettings;
import io.refreshd.sandbox.Trouble;
import io.refreshd.sandbox.Troubles.Everyone;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The stand-in for Entra tells what Entra tells. */
class SandboxTextsTest {

  private static final String CLIENT = "66666666-7777-8888-9999-000000000000";
  private static final Instant SIGNED_IN = MutableClock.START;

  private final MutableClock clock = new MutableClock();
  private final Sandbox sandbox;
  private final EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock);
  private RefreshToken token;

  SandboxTextsTest() throws IOException {
    sandbox = Sandbox.start(0, SandboxSettings.DEFAULT, clock);
    sandbox.register(SandboxClient.withSecret(Endpoint.TENANT, CLIENT, "client-secret"));
    token = RefreshToken.of(sandbox.issueRefreshToken(Endpoint.TENANT, CLIENT, "keeper"));
  }

  @AfterEach
  void close() {
    redeemer.close();
    sandbox.close();
  }

  /** Another generation, a week after the sign-in. */
  private Instant rotated() {
    clock.advance(Duration.ofDays(7));
    token =
        ((Redeemed) redeemer.redeem(Grants.named("a/b").endpoint(v2()).build(), token)).successor();
    return clock.instant();
  }

  @Test
  void theEndOfATokenTellsOfTheIssueClock() {
    Instant issued = rotated();
    clock.advance(Duration.ofDays(90));

    assertThat(told()).isEqualTo(new Told(Which.ISSUE, issued, Duration.ofDays(90), null));
  }

  @Test
  void signInFrequencyTellsOfTheSignIn() {
    rotated();
    sandbox.troubles().begin(new Everyone(), new Trouble.SignInFrequency(Duration.ofDays(5)));

    assertThat(told()).isEqualTo(new Told(Which.SIGN_IN, SIGNED_IN, Duration.ofDays(5), null));
  }

  @Test
  void aRevocationTellsOfTheSignIn() {
    Instant validFrom = rotated().plusSeconds(60);
    clock.advance(Duration.ofDays(1));
    sandbox.troubles().begin(new Everyone(), new Trouble.Revoked(validFrom));

    assertThat(told()).isEqualTo(new Told(Which.SIGN_IN, SIGNED_IN, null, validFrom));
  }

  @Test
  void anExpiredSecretReachesAllGrantsOfTheClient() {
    sandbox.troubles().begin(new Everyone(), new Trouble.SecretExpired());

    assertThat(refused().reach()).isEqualTo(Reach.CREDENTIAL);
  }

  private Told told() {
    return refused().told();
  }

  private Refused refused() {
    return (Refused) redeemer.redeem(Grants.named("a/b").endpoint(v2()).build(), token);
  }

  private TokenEndpoint v2() {
    return new TokenEndpoint.V2(
        sandbox.authority(), Endpoint.TENANT, List.of("https://api.test/x"));
  }
}
