package io.refreshd.fault.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.fault.network.FaultProxy.Harm;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.State;
import io.refreshd.rotation.StoredGrant;
import io.refreshd.rotation.TokenRedeemer;
import io.refreshd.rotation.Trigger;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A connection that never carried the request did not consume the token: not even a single-use
 * grant needs a person for it, on any kind of server the next attempt brings the successor.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UncarriedTest {

  private FaultyWorld world;
  private Path folder = Path.of("");
  private int grants;

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    world = new FaultyWorld(folder, 4);
  }

  @AfterAll
  void stop() {
    world.close();
  }

  @Test
  void connectionRefused() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    costsNothing(
        URI.create("http://127.0.0.1:" + port), world.redeemer(false), ": connection refused");
  }

  @Test
  void aNameThatNobodyKnows() throws IOException {
    costsNothing(
        URI.create("https://no-such-host.invalid"),
        world.redeemer(false),
        ": the host's name cannot be looked up");
  }

  @Test
  void aCertificateThatNobodyTrusts() throws IOException {
    try (FaultProxy proxy = proxy(world.tls());
        EntraTokenRedeemer stranger = world.trusting(null)) {
      costsNothing(proxy.uri(), stranger, ": the TLS handshake failed: ");
      assertThat(proxy.requests()).isZero();
    }
  }

  @Test
  void aCertificateOfAnotherName() throws IOException {
    try (FaultProxy proxy =
        new FaultProxy("127.0.0.2", world.server(), world.tls(), Harm.NONE, world.threads())) {
      costsNothing(proxy.uri(), world.redeemer(false), ": the TLS handshake failed: ");
      assertThat(proxy.requests()).isZero();
    }
  }

  @Test
  void aCertificateThatHasExpired() throws IOException {
    ExpiredCertificate expired = ExpiredCertificate.in(folder);
    try (FaultProxy proxy = proxy(expired.server());
        EntraTokenRedeemer believer = world.trusting(expired.believer())) {
      costsNothing(proxy.uri(), believer, ": the TLS handshake failed: ");
      assertThat(proxy.requests()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 60, 200, 500})
  void aHandshakeThatIsCutAfterBytesOfTheServer(int bytes) throws IOException {
    try (FaultProxy proxy = proxy(world.tls());
        Relay relay = new Relay(proxy.uri(), bytes, world.threads())) {
      costsNothing(relay.uri(), world.redeemer(false), "no connection to 127.0.0.1:");
      assertThat(proxy.requests()).isZero();
    }
  }

  /** What this proxy takes for the request line is the client's part of the handshake. */
  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"CUT", "RESET", "SILENCE"})
  void aHandshakeThatGetsNoReply(Fault fault) throws IOException {
    for (Position position : List.of(Position.BEFORE_REQUEST, Position.IN_REQUEST_LINE)) {
      try (FaultProxy proxy =
          new FaultProxy(world.server(), null, new Harm(position, fault), world.threads())) {
        URI seen = URI.create("https://127.0.0.1:" + proxy.uri().getPort());
        costsNothing(seen, world.redeemer(fault.isEndless()), "no connection to 127.0.0.1:");
      }
    }
  }

  private void costsNothing(URI bad, TokenRedeemer redeemer, String message) throws IOException {
    for (boolean singleUse : List.of(false, true)) {
      try (FaultProxy good = proxy(null)) {
        costsNothing(bad, good, singleUse, redeemer, message);
      }
    }
  }

  private void costsNothing(
      URI bad, FaultProxy good, boolean singleUse, TokenRedeemer redeemer, String message) {
    String name = "uncarried/" + ++grants;
    MutableClock clock = new MutableClock();
    RefreshToken first = world.bringIn(FaultyWorld.grant(name, bad, singleUse));

    Outcome outcome =
        world
            .rotator(redeemer, clock)
            .rotate(FaultyWorld.grant(name, bad, singleUse), Trigger.SCHEDULE);

    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    Refused refused = ((Outcome.Failed) outcome).refused();
    assertThat(refused.kind()).isEqualTo(RefusalKind.TRANSIENT);
    assertThat(refused.carried()).isFalse();
    assertThat(refused.answered()).isFalse();
    assertThat(refused.message()).contains(message).doesNotContainPattern("\\p{Cntrl}");
    assertThat(((Outcome.Failed) outcome).state()).isEqualTo(State.RETRYING);
    Grant grant = FaultyWorld.grant(name, good.uri(), singleUse);
    assertThat(stored(grant).current().token()).isEqualTo(first);

    clock.advance(Duration.ofDays(1));
    assertThat(world.rotator(world.redeemer(false), clock).rotate(grant, Trigger.RETRY))
        .isInstanceOf(Outcome.Rotated.class);
    assertThat(world.chain(grant).requests()).isEqualTo(1);
    assertThat(stored(grant).current().token().reveal()).isEqualTo(world.chain(grant).newest());
  }

  private StoredGrant stored(Grant grant) {
    return world.store().find(grant.name()).orElseThrow();
  }

  private FaultProxy proxy(@Nullable SSLContext tls) throws IOException {
    return new FaultProxy(world.server(), tls, Harm.NONE, world.threads());
  }
}
